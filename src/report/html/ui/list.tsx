import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { writeView, type View } from './address.js'
import type { Cell } from './data.js'
import { Badge } from './glyph.js'
import { LOOKS, plural, ROLE_WORDS } from './words.js'

/** Rows kept beyond each edge of the window, so that the next one is there for the Tab key. */
const BEYOND = 12

interface Props { cells: readonly Cell[]; all: number; view: View; /** The cell one comes back from. */ from: string }

/** All cells as a table of which only the rows in sight are in the document. */
export function CellList({ cells, all, view, from }: Props): JSX.Element {
  const frame = useRef<HTMLDivElement>(null)
  const { height, first, last } = useRowsInSight(frame, cells.length)
  useReturn(frame, cells, from, height)
  return (
    <section aria-labelledby="list-title">
      <h2 id="list-title">Cells</h2>
      <p class="tally" role="status">{cells.length === all ? plural(all, 'cell') : `${cells.length.toLocaleString('en-US')} of ${plural(all, 'cell')}`}</p>
      {cells.length === 0 ? <p class="quiet">No cell is like that. Take a filter away.</p> : (
        <div ref={frame} class="frame" style={{ paddingTop: `${first * height}px`, paddingBottom: `${(cells.length - last) * height}px` }}>
          <table class="list" role="table" aria-labelledby="list-title" aria-rowcount={cells.length + 1}>
            <thead role="rowgroup"><tr role="row" aria-rowindex={1}><th role="columnheader" scope="col">verdict</th><th role="columnheader" scope="col">scenario</th><th role="columnheader" scope="col">lane</th><th role="columnheader" scope="col">expected</th><th role="columnheader" scope="col">reason</th></tr></thead>
            <tbody role="rowgroup">{cells.slice(first, last).map((cell, index) => <Row key={cell.id} cell={cell} view={view} place={first + index + 2} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Row({ cell, view, place }: { cell: Cell; view: View; place: number }): JSX.Element {
  const route = cell.lane.slice(cell.lane.lastIndexOf('.') + 1)
  return (
    <tr role="row" aria-rowindex={place} class={cell.standing === 0 ? '' : 'surprise'}>
      <td role="cell"><Badge verdict={cell.verdict} /></td>
      <th role="rowheader" scope="row"><a href={writeView({ ...view, cell: cell.id })} data-cell={cell.id}>{cell.scenario}</a></th>
      <td role="cell" class="lane"><span class="engine">{cell.engine}</span> {ROLE_WORDS[cell.role] ?? cell.role} <span class={`route route-${route}`}>{route}</span></td>
      <td role="cell" class="expected">{cell.standing === 0 ? (cell.known ? 'as expected, known' : 'as expected') : <strong>{`expected ${LOOKS[cell.expected].word}`}</strong>}</td>
      <td role="cell" class="reason" title={cell.reason}>{cell.reason}</td>
    </tr>
  )
}

interface Sight { height: number; first: number; last: number }

/** All rows are of one height, which the style sheet gives by the width of the page. */
function useRowsInSight(frame: { current: HTMLDivElement | null }, count: number): Sight {
  const [sight, setSight] = useState<Sight>({ height: 36, first: 0, last: Math.min(count, 40) })
  useLayoutEffect(() => {
    const look = (): void => {
      if (frame.current === null) return
      const height = frame.current.querySelector('tbody tr')?.getBoundingClientRect().height || 36
      const above = -frame.current.getBoundingClientRect().top
      const first = Math.max(0, Math.min(count, Math.floor(above / height)) - BEYOND)
      const last = Math.min(count, Math.max(first, Math.ceil((above + window.innerHeight) / height)) + BEYOND)
      setSight((before) => (before.first === first && before.last === last && before.height === height ? before : { height, first, last }))
    }
    look()
    window.addEventListener('scroll', look, { passive: true })
    window.addEventListener('resize', look)
    return () => {
      window.removeEventListener('scroll', look)
      window.removeEventListener('resize', look)
    }
  }, [count])
  const last = Math.min(sight.last, count)
  return { ...sight, last, first: Math.min(sight.first, last) }
}

/** Back from a cell, its row is in sight and has the focus again. */
function useReturn(frame: { current: HTMLDivElement | null }, cells: readonly Cell[], from: string, height: number): void {
  const [pending, setPending] = useState(from)
  useEffect(() => {
    const at = cells.findIndex(({ id }) => id === pending)
    if (pending === '' || frame.current === null || at < 0) return
    const link = frame.current.querySelector<HTMLAnchorElement>(`[data-cell="${CSS.escape(pending)}"]`)
    if (link === null) return window.scrollTo(0, window.scrollY + frame.current.getBoundingClientRect().top + at * height - window.innerHeight / 2)
    setPending('')
    link.focus({ preventScroll: true })
    link.scrollIntoView({ block: 'center' })
  })
}
