import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { VerdictToken } from '../../../contract/vocabulary.js'
import type { EmbeddedIndex } from '../embedded.js'
import { matching, readView, writeView, type Facet, type View } from './address.js'
import { CellPage } from './cell.js'
import type { Cell } from './data.js'
import { Filters } from './filters.js'
import { Badge } from './glyph.js'
import { History } from './history.js'
import { CellList } from './list.js'
import { LaneMap } from './map.js'
import { LOOKS, ROLE_WORDS, SURFACE_WORDS, plural } from './words.js'

export function App({ index, cells }: { index: EmbeddedIndex; cells: readonly Cell[] }): JSX.Element {
  const [view, change] = useView()
  const shown = useMemo(() => matching(cells, view), [cells, view.engine.join(), view.role.join(), view.surface.join(), view.verdict.join(), view.lane, view.q, view.unexpected])
  const choices = useMemo(() => choicesOf(cells, index), [cells])
  const cell = view.cell === '' ? undefined : cells.find(({ id }) => id === view.cell)
  const from = useRef('')
  if (view.cell !== '') from.current = view.cell
  const subject = `${index.run.subject.name} ${index.run.subject.version}`
  useEffect(() => { document.title = `${cell === undefined ? '' : `${cell.scenario} in ${cell.lane} · `}lanecheck: ${subject}` }, [cell?.id])
  const at = cell === undefined ? -1 : shown.indexOf(cell)
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>Skip to the {cell === undefined ? 'cells' : 'cell'}</a>
      <Head index={index} cells={cells} view={view} change={change} brief={cell !== undefined} />
      <main id="main" tabIndex={-1}>
        {view.cell !== '' && cell === undefined ? <p role="alert">There is no cell {view.cell} in this run.</p> : null}
        {cell !== undefined ? <CellPage cell={cell} view={view} index={index} before={shown[at - 1]} after={at < 0 ? undefined : shown[at + 1]} /> : (
          <>
            <LaneMap cells={cells} view={view} surfaces={choices.surface} order={index.verdicts} />
            {index.history === undefined ? null : <History history={index.history} order={index.verdicts} />}
            <div id="cells" tabIndex={-1}>
              <Filters cells={cells} view={view} change={change} choices={choices} />
              <CellList cells={shown} all={cells.length} view={view} from={from.current} />
            </div>
          </>
        )}
      </main>
      <footer><p>Only <strong>parity</strong> says that the package ran directly in a lane and means the same as in the lab. <strong>bridge only</strong> is a downgrade to a server bridge, never parity.</p></footer>
    </>
  )
}

interface HeadProps { index: EmbeddedIndex; cells: readonly Cell[]; view: View; change(part: Partial<View>): void; /** Over a cell, the name alone. */ brief: boolean }

function Head({ index: { run, evidence, verdicts }, cells, view, change, brief }: HeadProps): JSX.Element {
  const unexpected = cells.filter(({ standing }) => standing !== 0).length
  const known = cells.filter((cell) => cell.known).length
  const next = view.theme === '' ? 'dark' : view.theme === 'dark' ? 'light' : ''
  return (
    <header class={brief ? 'brief' : ''}>
      <div class="top"><p class="kit">lanecheck</p><button type="button" class="plain" onClick={() => change({ theme: next })}>colours: {view.theme === '' ? 'as the system' : view.theme}</button></div>
      <h1>{run.subject.name} <span class="version">{run.subject.version}</span></h1>
      {brief ? null : <p class="lead">{run.interrupted ? 'The run was cut off. ' : ''}{unexpected === 0 ? `All ${plural(cells.length, 'cell')} came out as expected${known === 0 ? '' : `, ${known.toLocaleString('en-US')} of them as the expectations file says`}.` : `${plural(unexpected, 'cell')} of ${cells.length.toLocaleString('en-US')} ${unexpected === 1 ? 'is' : 'are'} not as expected.`}</p>}
      {brief ? null : <Sums cells={cells} view={view} order={verdicts} />}
      {brief ? null : <dl class="run">
        {run.engines.map(({ engine, engine_product, engine_version, driver, os }) => <div key={engine}><dt>{engine}</dt><dd>{engine_product} {engine_version} <span class="quiet">{driver}, {os}</span></dd></div>)}
        <div><dt>run</dt><dd>{run.started_at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')} <span class="quiet">seed {run.seed}, evidence in {evidence}, lanecheck {run.lanecheck_version}</span></dd></div>
      </dl>}
    </header>
  )
}

/** How many of each class; the map's legend, too. */
function Sums({ cells, view, order }: { cells: readonly Cell[]; view: View; order: readonly VerdictToken[] }): JSX.Element {
  const counts = new Map<VerdictToken, number>()
  for (const { verdict } of cells) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  return (
    <ul class="sums" aria-label="Sums by class">
      {order.filter((verdict) => counts.has(verdict)).map((verdict) => (
        <li key={verdict}><a class={`v-${verdict}`} href={writeView({ ...view, verdict: [verdict], cell: '' })}><span class="sum">{counts.get(verdict)?.toLocaleString('en-US')}</span><Badge verdict={verdict} /><span class="means">{LOOKS[verdict].means}</span></a></li>
      ))}
    </ul>
  )
}

/** The view as the address has it; filters change it in place, a cell is a step that the back button takes back. */
function useView(): [View, (part: Partial<View>) => void] {
  const [view, setView] = useState(() => readView(location.hash))
  useEffect(() => {
    const read = (): void => setView(readView(location.hash))
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  useEffect(() => {
    if (view.theme === '') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = view.theme
  }, [view.theme])
  return [view, (part) => location.replace(writeView({ ...readView(location.hash), ...part }))]
}

function skip(event: Event): void {
  event.preventDefault()
  const target = document.getElementById('cells') ?? document.getElementById('main')
  target?.focus({ preventScroll: true })
  target?.scrollIntoView()
}

function choicesOf(cells: readonly Cell[], { verdicts }: EmbeddedIndex): Record<Facet, readonly string[]> {
  const order: Record<Facet, readonly string[]> = { engine: ['chromium', 'firefox', 'webkit'], role: Object.keys(ROLE_WORDS), surface: Object.keys(SURFACE_WORDS), verdict: verdicts }
  const present = (facet: Facet): string[] => {
    const found = new Set<string>(cells.map((cell) => cell[facet]))
    return [...order[facet].filter((token) => found.has(token)), ...[...found].filter((token) => !order[facet].includes(token))]
  }
  return { engine: present('engine'), role: present('role'), surface: present('surface'), verdict: present('verdict') }
}
