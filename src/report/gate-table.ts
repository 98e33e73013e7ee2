import type { GatePacket } from '../contract/gate.js'
import { fitTable } from './fit-table.js'
import type { Paint } from './paint.js'
import { wrapped } from './rows.js'

/** Rows × lanes with their verdict and all that is missing, at a glance. */
export function gateTable(packets: readonly GatePacket[], paint: Paint, width = Infinity): string {
  const columns = [{ head: 'row' }, { head: 'lane' }, { head: 'eligibility_verdict' }, { head: 'may claim' }, { head: 'missing', wraps_to: 24 }]
  return fitTable(columns, packets.map((packet) => {
    const { surface_family, lane_id, eligibility_verdict, claim } = packet
    return [surface_family, lane_id, eligibility_verdict === 'eligible' ? paint.green(eligibility_verdict) : paint.yellow(eligibility_verdict), claim, atAGlance(packet)]
  }), width)
}

function atAGlance({ missing, cells }: GatePacket): string {
  const total = Object.values(cells).reduce((sum, count) => sum + count, 0)
  const counts = new Map<string, number>()
  for (const { what } of missing) counts.set(what, (counts.get(what) ?? 0) + 1)
  return [...counts].map(([what, count]) => (what !== 'cells' ? what : total === 0 ? 'no cells' : `${count} ${count === 1 ? 'cell' : 'cells'}`)).join(', ')
}

/** Most things missing that are listed of one packet; all are in the JSON. */
const LIST_LIMIT = 12

/** A packet in full: what is met and by which evidence, what is missing, why, and what to type. */
export function packetText({ surface_family, lane_id, support, eligibility_verdict, met, missing }: GatePacket, paint: Paint): string {
  const lines = [
    paint.bold(`${surface_family} in ${lane_id} (${support}): ${eligibility_verdict}`),
    ...met.map(({ what, evidence }) => `  ${paint.green('met')}      ${what}: ${evidence[0]!.path} ${evidence[0]!.sha256.slice(0, 12)}…${evidence.length > 1 ? ` and ${evidence.length - 1} more` : ''}`),
    ...missing.slice(0, LIST_LIMIT).flatMap(({ what, why, answer, run }) => [
      ...wrapped(`${what}: ${why} (${answer})`).map((line, index) => (index === 0 ? `  ${paint.yellow('missing')}  ${line}` : `           ${line}`)),
      ...(run === null ? [] : [`           ${paint.dim(run)}`]),
    ]),
  ]
  if (missing.length > LIST_LIMIT) lines.push(`  and ${missing.length - LIST_LIMIT} more missing: see --json`)
  return lines.join('\n')
}
