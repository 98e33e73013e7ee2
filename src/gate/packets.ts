import { GatePacketSchema, rowDemand, type GatePacket, type Met, type Missing } from '../contract/gate.js'
import type { LaneId } from '../contract/lane.js'
import { MATRIX_ROWS, rowFor, type MatrixRow } from '../contract/matrix-rows.js'
import { EngineSchema, HostRoleSchema, type EligibilityVerdict, type SupportClass, type SurfaceFamily, type Tier } from '../contract/vocabulary.js'
import { countVerdicts } from '../judge/sums.js'
import type { GateInput } from './input.js'
import { cellsHold, hostGate, runTier, type Place } from './run-demands.js'
import { testTier } from './test-tiers.js'

/** From what may never be said to what is only not shown yet; the first that anything missing calls for stands. */
const ANSWERS: readonly Missing['answer'][] = [
  'blocked_scope_red_line', 'blocked_missing_virtualization', 'blocked_missing_observability', 'unsupported_time_surface', 'insufficient_observability', 'blocked_missing_verification',
]

/** The lanes of a run, in the plan's order. */
export const lanesIn = ({ verdicts }: GateInput['ledger']): LaneId[] => [...new Set(verdicts.map(({ lane_id }) => lane_id))]

/**
 * Lanes of a run that a row has to answer for: those where it ran; and in a realm that its scenarios are for and where it did not run, all.
 * A lane that only a changed page of another row's scenario led to is none of its own.
 */
function lanesFor({ surface_family }: MatrixRow, { ledger, asked }: GateInput): LaneId[] {
  const realmOf = (lane_id: string): string => lane_id.slice(0, lane_id.lastIndexOf('.'))
  const own = new Set(ledger.verdicts.filter((verdict) => verdict.surface_family === surface_family).map(({ lane_id }) => lane_id))
  const ran = new Set([...own].map(realmOf))
  const roles = new Set<string>(Object.values(asked[surface_family]?.host_roles ?? {}).flat())
  const isFor = (lane_id: LaneId): boolean => roles.size === 0 || roles.has(lane_id.split('.')[1] ?? '')
  return lanesIn(ledger).filter((lane_id) => own.has(lane_id) || (!ran.has(realmOf(lane_id)) && isFor(lane_id)))
}

/** A packet for each row × lane: what its promotion floor asks, what of it is met, and by which evidence. Throws `internal` for one that contradicts itself. */
export const gatePackets = (input: GateInput): GatePacket[] => MATRIX_ROWS.flatMap((row) => lanesFor(row, input).map((lane_id) => packetOf(row, lane_id, input)))

function packetOf(row: MatrixRow, lane_id: LaneId, input: GateInput): GatePacket {
  const place = placeOf(row, lane_id, input)
  const { tiers, rows, host_gate } = row.promotion_floor
  const demands = [
    ...tiers.map((tier) => tierDemand(tier, place, input)),
    ...rows.map((other) => rowHolds(other, place, input)),
    ...(host_gate ? [hostGate(place, input)] : []),
    cellsHold(place, input),
  ]
  const missing = demands.flatMap((demand) => (Array.isArray(demand) ? demand : []))
  const eligibility_verdict = eligibilityOf(missing)
  const { run } = input.ledger
  return GatePacketSchema.parse({
    schema: 'lanecheck.gate-packet.v1',
    run_id: run.run_id,
    lanecheck_version: run.lanecheck_version,
    subject: { name: run.subject.name, version: run.subject.version, artifact_sha256: run.artifact_sha256 },
    surface_family: row.surface_family,
    lane_id,
    host_role: place.host_role,
    engine: run.engines.find(({ engine }) => engine === place.engine) ?? null,
    support: place.support,
    floor: row.promotion_floor,
    cells: countVerdicts(place.cells),
    met: demands.flatMap((demand) => (Array.isArray(demand) ? [] : [demand])),
    missing,
    eligibility_verdict,
    claim: eligibility_verdict === 'eligible' ? (place.support === 'unsupported' ? 'none' : place.support) : 'none',
  } satisfies GatePacket)
}

const SUPPORT: Readonly<Record<string, SupportClass>> = { direct: 'direct', bridge: 'bridge_only', none: 'unsupported' }

function placeOf(row: MatrixRow, lane_id: LaneId, { ledger }: GateInput): Place {
  const [engine, host_role, route = 'none'] = lane_id.split('.')
  const cells = ledger.verdicts.filter((verdict) => verdict.surface_family === row.surface_family && verdict.lane_id === lane_id)
  return { row, lane_id, engine: EngineSchema.parse(engine), host_role: HostRoleSchema.parse(host_role), support: SUPPORT[route] ?? 'unsupported', cells }
}

function tierDemand(tier: Tier, place: Place, input: GateInput): Met | Missing[] {
  if (tier === 'T2' || tier === 'T3') return runTier(tier, place, input)
  return testTier({ tier, row: place.row.surface_family, engine: place.engine }, input)
}

/** A row is credible where its own floor is met: in this very lane, never in a neighbour, nor directly for a bridge. */
function rowHolds(other: SurfaceFamily, { lane_id }: Place, input: GateInput): Met | Missing[] {
  const packet = packetOf(rowFor(other), lane_id, input)
  const name = `${other}.${lane_id}`
  if (packet.eligibility_verdict === 'eligible') return { what: rowDemand(other), evidence: [{ path: name, sha256: input.digest(packet) }] }
  const wants = [...new Set(packet.missing.map(({ what }) => what))].join(', ')
  return [{ what: rowDemand(other), why: `${name} is ${packet.eligibility_verdict}: ${wants} missing`, answer: 'blocked_missing_verification', run: null }]
}

const eligibilityOf = (missing: readonly Missing[]): EligibilityVerdict => ANSWERS.find((answer) => missing.some((one) => one.answer === answer)) ?? 'eligible'
