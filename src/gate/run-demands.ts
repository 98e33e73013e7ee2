import type { Met, Missing } from '../contract/gate.js'
import type { HostPacket } from '../contract/host.js'
import type { MatrixRow } from '../contract/matrix-rows.js'
import { packetPath } from '../contract/page-conditions.js'
import type { Verdict } from '../contract/verdict.js'
import type { Engine, HostRole, SupportClass } from '../contract/vocabulary.js'
import type { LaneId } from '../contract/lane.js'
import { LEDGER_FILE, TIERS_FILE } from '../evidence/ledger-file.js'
import type { GateInput } from './input.js'

/** A row in a lane, as a run has it. */
export interface Place {
  row: MatrixRow
  lane_id: LaneId
  engine: Engine
  host_role: HostRole
  support: SupportClass
  /** In the plan's order. */
  cells: readonly Verdict[]
}

const unverified = (what: Missing['what'], why: string, run: string | null): Missing => ({ what, why, answer: 'blocked_missing_verification', run })

/** T2: the row's smoke scenarios for this role were judged in this lane. T3: the whole family was, in every realm that it is for. Both by the run alone. */
export function runTier(tier: 'T2' | 'T3', place: Place, input: GateInput): Met | Missing[] {
  const { row: { surface_family, dual_run_scripts }, lane_id } = place
  const run = tier === 'T2' ? commandFor(place, dual_run_scripts[0]!) : commandFor(null, dual_run_scripts[1]!, place.cells[0])
  const none = (why: string): Missing[] => [unverified(tier, why, run)]
  const asked = input.asked[surface_family]
  if (asked === undefined || asked[tier].length === 0) return none(`this kit's catalogue has no ${tier} scenario of the row`)
  const ran = input.tiers.asked[surface_family]
  if (ran === undefined) return none('no cell of this row ran')
  if (input.run_kit_sha256 !== input.kit.kit_sha256) return none('another build of the kit made this run')
  if (!sameIds(ran[tier], asked[tier]) || asked[tier].some((id) => ran.host_roles[id]?.join() !== asked.host_roles[id]?.join())) return none('the catalogue asked for other scenarios when this run was made')
  if (tier === 'T2') {
    const covered = input.tiers.lanes.find((one) => one.surface_family === surface_family && one.lane_id === lane_id)
    if (covered === undefined) return none('no cell of this row ran in this lane')
    if (!covered.T2.met) return none(`not judged in this lane: ${some(covered.T2.missing)}`)
  } else {
    const pilot = input.tiers.pilots.find((one) => one.surface_family === surface_family)
    if (pilot?.met !== true) return none(`the family was not judged in every realm: ${some(pilot?.missing ?? [])}`)
  }
  return { what: tier, evidence: [TIERS_FILE, LEDGER_FILE].map((path) => ({ path, sha256: input.stampOf(path) })) }
}

/** The host gate: packets of this very lane are there, and each has its role proven, one admission, and nothing found against it. */
export function hostGate({ engine, host_role, lane_id, cells }: Place, input: GateInput): Met | Missing[] {
  const packets = input.hosts.filter((one) => one.engine === engine && one.host_role === host_role && one.lane_id === lane_id)
  const strays = cells.filter(({ support_class, reason_code }) => !packets.some((one) => one.support_class === support_class && one.reason_code === reason_code))
  const why = [
    ...(packets.length === 0 ? ['there is no host packet that admits this lane'] : []),
    ...packets.flatMap((packet) => faults(packet).map((fault) => `${pathOf(packet)}: ${fault}`)),
    ...(packets.length === 0 ? [] : strays.map(({ cell_id, reason_code }) => `${cell_id} was admitted otherwise: ${reason_code}`)),
  ]
  const run = `npx lanecheck probe --engine ${engine} --role ${host_role}`
  if (why.length > 0) return why.map((one): Missing => ({ what: 'host_gate', why: one, answer: 'blocked_missing_observability', run }))
  return { what: 'host_gate', evidence: packets.map(pathOf).sort().map((path) => ({ path, sha256: input.stampOf(path) })) }
}

const pathOf = (packet: HostPacket): string => packetPath(packet.engine, packet.host_role, packet)

function faults({ probe, admission, findings, host_role, support_class, reason_code }: HostPacket): string[] {
  return [
    ...(probe?.proven_role === host_role ? [] : [`the realm proved ${probe?.proven_role ?? 'no role'}, not ${host_role}`]),
    ...(support_class === admission.support_class && reason_code === admission.reason_code ? [] : ['it tells of two admissions']),
    ...(support_class === 'unsupported' ? [`the realm does not admit the subject: ${reason_code}`] : []),
    ...findings,
  ]
}

const BEST: Record<SupportClass, Verdict['verdict'] | null> = { direct: 'parity', bridge_only: 'bridge_only', unsupported: null }

/** Every cell of the row in this lane holds all that its route can give: parity directly, `bridge_only` over the bridge. No file of expectations is asked. */
export function cellsHold(place: Place, input: GateInput): Met | Missing[] {
  const { cells, support, row } = place
  if (cells.length === 0) return [unverified('cells', 'no cell of this row ran in this lane', commandFor(place, row.dual_run_scripts[0]!))]
  const blocked = cells.filter((cell) => cell.verdict !== BEST[support] || cell.eligibility_verdict !== 'eligible' || cell.observability_status !== 'met')
  if (blocked.length > 0) return blocked.map((cell) => ({ what: 'cells', why: `${cell.cell_id}: ${cell.verdict}: ${cell.reason}`, answer: answerOf(cell), run: cell.repro_command }))
  return { what: 'cells', evidence: [LEDGER_FILE, ...cells.map(({ artifact_bundle }) => `${artifact_bundle}/bundle.json`)].map((path) => ({ path, sha256: input.stampOf(path) })) }
}

/** What its own experiment says; a sound experiment with another answer than parity is not verified. */
function answerOf({ eligibility_verdict, observability_status }: Verdict): Missing['answer'] {
  if (eligibility_verdict !== 'eligible') return eligibility_verdict
  return observability_status === 'met' ? 'blocked_missing_verification' : 'insufficient_observability'
}

/** A row's own command for a lane, and for the subject that ran. */
function commandFor(place: Place | null, command: string, cell = place?.cells[0]): string {
  const [, subject] = /(--subject (?:'[^']*'|\S+))/.exec(cell?.repro_command ?? '') ?? []
  const there = place === null ? command : command.replace('--engine chromium --role window', `--engine ${place.engine} --role ${place.host_role}`)
  return subject === undefined ? there : `${there} ${subject}`
}

const SHOWN = 6
const some = (ids: readonly string[]): string => (ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(', ')} and ${ids.length - SHOWN} more` : ids.join(', '))
const sameIds = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && [...one].sort().join() === [...other].sort().join()
