import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { VerdictToken } from '../../../contract/vocabulary.js'
import { writeView, type View } from './address.js'
import type { Cell } from './data.js'
import { Glyph } from './glyph.js'
import { LOOKS, ROLE_WORDS, SURFACE_WORDS } from './words.js'

type Counts = Map<VerdictToken, number>
interface Lane { id: string; engine: string; role: string; route: string; surfaces: Map<string, Counts> }

interface Props { cells: readonly Cell[]; view: View; surfaces: readonly string[]; order: readonly VerdictToken[] }

/** Lanes by surfaces: in each place the classes as a mark and as numbers. */
export function LaneMap({ cells, view, surfaces, order }: Props): JSX.Element {
  const lanes = useMemo(() => lanesOf(cells), [cells])
  return (
    <section aria-labelledby="map-title">
      <h2 id="map-title">Lanes and surfaces</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Map, scrolls sideways">
        <table class="map">
          <caption class="unseen">How many cells of each lane and surface came out as what</caption>
          <thead><tr><th scope="col">lane</th>{surfaces.map((surface) => <th scope="col" key={surface}>{SURFACE_WORDS[surface] ?? surface}</th>)}</tr></thead>
          {lanes.map(([engine, own]) => (
            <tbody key={engine}>
              <tr class="group"><th scope="rowgroup" colSpan={surfaces.length + 1}>{engine}</th></tr>
              {own.map((lane) => (
                <tr key={lane.id}>
                  <th scope="row"><span class="unseen">{engine} </span>{ROLE_WORDS[lane.role] ?? lane.role} <span class={`route route-${lane.route}`}>{lane.route}</span></th>
                  {surfaces.map((surface) => <td key={surface}><Place lane={lane} surface={surface} view={view} order={order} /></td>)}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  )
}

function Place({ lane, surface, view, order }: { lane: Lane; surface: string; view: View; order: readonly VerdictToken[] }): JSX.Element {
  const counts = lane.surfaces.get(surface)
  if (counts === undefined) return <span class="none"><span aria-hidden="true">·</span><span class="unseen">none</span></span>
  const present = order.filter((verdict) => counts.has(verdict))
  const here = view.lane === lane.id && view.surface.length === 1 && view.surface[0] === surface
  const href = writeView({ ...view, cell: '', engine: [], role: [], verdict: [], lane: here ? '' : lane.id, surface: here ? [] : [surface] })
  return (
    <a class="place" href={href} aria-current={here ? 'true' : undefined}>
      <span class="unseen">{`${lane.id} ${SURFACE_WORDS[surface] ?? surface}: `}</span>
      <span class="bar" aria-hidden="true">{present.map((verdict) => <span key={verdict} class={`part v-${verdict}`} style={{ flexGrow: String(counts.get(verdict)) }} />)}</span>
      <span class="numbers">{present.map((verdict) => <span key={verdict} class={`number v-${verdict}`}><Glyph verdict={verdict} />{counts.get(verdict)}<span class="unseen"> {LOOKS[verdict].word} </span></span>)}</span>
    </a>
  )
}

const ROUTES = ['direct', 'bridge', 'none']

function lanesOf(cells: readonly Cell[]): Array<[engine: string, lanes: Lane[]]> {
  const engines = new Map<string, Map<string, Lane>>()
  for (const { lane: id, engine, role, surface, verdict } of cells) {
    const lanes = engines.get(engine) ?? new Map<string, Lane>()
    const lane = lanes.get(id) ?? { id, engine, role, route: id.slice(id.lastIndexOf('.') + 1), surfaces: new Map<string, Counts>() }
    const counts = lane.surfaces.get(surface) ?? new Map<VerdictToken, number>()
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
    lane.surfaces.set(surface, counts)
    lanes.set(id, lane)
    engines.set(engine, lanes)
  }
  const roles = Object.keys(ROLE_WORDS)
  return [...engines].sort(([one], [other]) => (one < other ? -1 : 1)).map(([engine, lanes]) =>
    [engine, [...lanes.values()].sort((one, other) => roles.indexOf(one.role) - roles.indexOf(other.role) || ROUTES.indexOf(one.route) - ROUTES.indexOf(other.route))])
}
