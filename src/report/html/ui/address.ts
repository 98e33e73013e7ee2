import type { Cell } from './data.js'

/** What the address says after `#`: filters, the cell that is looked at, the colours. */
export interface View {
  engine: string[]
  role: string[]
  surface: string[]
  verdict: string[]
  /** One lane, from the map. */
  lane: string
  /** Part of a scenario's id or title. */
  q: string
  /** Only what is not as expected. */
  unexpected: boolean
  cell: string
  theme: '' | 'light' | 'dark'
}
export type Facet = 'engine' | 'role' | 'surface' | 'verdict'
export const FACETS: readonly Facet[] = ['engine', 'role', 'surface', 'verdict']

export function readView(hash: string): View {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const list = (name: string): string[] => (params.get(name) ?? '').split(',').filter((one) => one !== '')
  const theme = params.get('theme')
  return {
    engine: list('engine'), role: list('role'), surface: list('surface'), verdict: list('class'), lane: params.get('lane') ?? '', q: params.get('q') ?? '',
    unexpected: params.get('unexpected') === '1', cell: params.get('cell') ?? '', theme: theme === 'light' || theme === 'dark' ? theme : '',
  }
}

/** `#` alone when there is nothing to say, so that the page never jumps. */
export function writeView(view: View): string {
  const parts: string[] = []
  const say = (name: string, value: string): void => { if (value !== '') parts.push(`${name}=${encodeURIComponent(value).replace(/%2C/g, ',').replace(/%2F/g, '/')}`) }
  for (const facet of FACETS) say(facet === 'verdict' ? 'class' : facet, view[facet].join(','))
  say('lane', view.lane)
  say('q', view.q)
  say('unexpected', view.unexpected ? '1' : '')
  say('theme', view.theme)
  say('cell', view.cell)
  return `#${parts.join('&')}`
}

export const isFiltered = (view: View): boolean => FACETS.some((facet) => view[facet].length > 0) || view.lane !== '' || view.q !== '' || view.unexpected

/** The cells that a view lets through; `leaving` leaves one facet out, for counting its choices. */
export function matching(cells: readonly Cell[], view: View, leaving?: Facet): Cell[] {
  const wanted = FACETS.filter((facet) => facet !== leaving && view[facet].length > 0)
  const q = view.q.trim().toLowerCase()
  return cells.filter((cell) =>
    wanted.every((facet) => view[facet].includes(cell[facet])) && (view.lane === '' || cell.lane === view.lane) && (!view.unexpected || cell.standing !== 0)
    && (q === '' || cell.scenario.includes(q) || (cell.title?.toLowerCase().includes(q) ?? false)))
}
