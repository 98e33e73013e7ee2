import type { VerdictToken } from '../../../contract/vocabulary.js'
import type { CellStory, EmbeddedIndex } from '../embedded.js'

/** A cell of the list, its positions looked up. */
export interface Cell {
  id: string
  lane: string
  engine: string
  role: string
  scenario: string
  title: string | null
  surface: string
  verdict: VerdictToken
  expected: VerdictToken
  reason: string
  /** Position in `STANDINGS`. */
  standing: number
  /** Whether the expectations file speaks of it. */
  known: boolean
  chunk: number
}

const textOf = (id: string): string => document.getElementById(id)?.textContent ?? ''

export const readIndex = (): EmbeddedIndex => JSON.parse(textOf('lanecheck-index')) as EmbeddedIndex

/** What is not as expected first, else in the run's order. */
export function cellsOf(index: EmbeddedIndex): Cell[] {
  const cells = index.cells.map(([lane, scenario, verdict, expected, reason, standing, known, chunk]) => {
    const laneId = index.lanes[lane] ?? ''
    const [engine = '', role = ''] = laneId.split('.')
    const { id = '', title = null, surface = '' } = index.scenarios[scenario] ?? {}
    return {
      id: `${engine}.${role}/${id}`, lane: laneId, engine, role, scenario: id, title, surface,
      verdict: index.verdicts[verdict]!, expected: index.verdicts[expected]!, reason: index.reasons[reason] ?? '', standing, known: known === 1, chunk,
    }
  })
  return [...cells.filter(({ standing }) => standing !== 0), ...cells.filter(({ standing }) => standing === 0)]
}

const chunks = new Map<number, Promise<CellStory[]>>()

/** Unpacks the chunk that a cell lies in, once. */
export function readStory({ chunk, id }: Cell): Promise<CellStory | undefined> {
  const stories = chunks.get(chunk) ?? unpack(textOf(`lanecheck-chunk-${chunk}`))
  chunks.set(chunk, stories)
  return stories.then((all) => all.find(({ cell_id }) => cell_id === id))
}

async function unpack(base64: string): Promise<CellStory[]> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(plain).text()) as CellStory[]
}
