import { z } from 'zod'
import { DigestSchema } from './evidence.js'
import { EngineIdentitySchema } from './host.js'
import { LaneIdSchema } from './lane.js'
import { EligibilityVerdictSchema, HostRoleSchema, SURFACE_FAMILIES, SupportClassSchema, SurfaceFamilySchema, TIERS, TierSchema, VERDICTS, type SurfaceFamily } from './vocabulary.js'

/** What a promotion floor can ask for. */
export const rowDemand = (row: SurfaceFamily): Demand => `row ${row}`
export const DEMANDS = [...TIERS, ...SURFACE_FAMILIES.map((row) => `row ${row}` as const), 'host_gate', 'cells'] as const
export const DemandSchema = z.enum(DEMANDS)
export type Demand = z.infer<typeof DemandSchema>

export const FloorSchema = z.strictObject({ text: z.string().min(1), tiers: z.array(TierSchema), rows: z.array(SurfaceFamilySchema), host_gate: z.boolean() })

/** A file that proves something; in the evidence folder, or as it was named to the gate. A packet has its own name, `<surface_family>.<lane_id>`. */
export const ProofSchema = z.strictObject({ path: z.string().min(1), sha256: DigestSchema })
export type Proof = z.infer<typeof ProofSchema>
export const MetSchema = z.strictObject({ what: DemandSchema, evidence: z.array(ProofSchema).min(1) })
export type Met = z.infer<typeof MetSchema>
export const MissingSchema = z.strictObject({
  what: DemandSchema,
  why: z.string().min(1),
  /** What the contract calls this; never `eligible`. */
  answer: EligibilityVerdictSchema.exclude(['eligible']),
  /** What to type to have it; null when no command of the kit gives it. */
  run: z.string().nullable(),
})
export type Missing = z.infer<typeof MissingSchema>

/** All that a row's floor asks of a lane, its cells with it. */
export const demandsOf = ({ tiers, rows, host_gate }: z.infer<typeof FloorSchema>): Demand[] => [...tiers, ...rows.map(rowDemand), ...(host_gate ? ['host_gate' as const] : []), 'cells']

const CountsSchema = z.strictObject(Object.fromEntries(VERDICTS.map((token) => [token, z.number().int().min(0)])) as Record<(typeof VERDICTS)[number], z.ZodNumber>)

/** What a row × lane has of its promotion floor, and what it has not. Support is said lane by lane. */
export const GatePacketSchema = z.strictObject({
  schema: z.literal('lanecheck.gate-packet.v1'),
  run_id: z.string().min(1),
  lanecheck_version: z.string().min(1),
  subject: z.strictObject({ name: z.string().min(1), version: z.string().min(1), artifact_sha256: DigestSchema }),
  surface_family: SurfaceFamilySchema,
  lane_id: LaneIdSchema,
  host_role: HostRoleSchema,
  /** What exactly ran; null when nothing did. */
  engine: EngineIdentitySchema.nullable(),
  support: SupportClassSchema,
  floor: FloorSchema,
  cells: CountsSchema,
  met: z.array(MetSchema),
  missing: z.array(MissingSchema),
  eligibility_verdict: EligibilityVerdictSchema,
  /** The most that a document may say of this row in this lane. */
  claim: z.enum(['direct', 'bridge_only', 'none']),
}).superRefine((packet, issues) => {
  const refuse = (path: string, message: string): void => { issues.addIssue({ code: 'custom', path: [path], message }) }
  const route = packet.lane_id.slice(packet.lane_id.lastIndexOf('.') + 1)
  if (route !== { direct: 'direct', bridge_only: 'bridge', unsupported: 'none' }[packet.support]) refuse('support', `${packet.support} in ${packet.lane_id} is a contradiction`)
  const [met, missing] = [packet.met.map(({ what }) => what), packet.missing.map(({ what }) => what)]
  for (const demand of demandsOf(packet.floor)) {
    if (met.includes(demand) === missing.includes(demand)) refuse('met', `${demand} is either met or missing`)
  }
  const eligible = packet.eligibility_verdict === 'eligible'
  if (eligible !== (missing.length === 0)) refuse('eligibility_verdict', 'eligible exactly when nothing is missing')
  if (eligible && packet.support === 'unsupported') refuse('eligibility_verdict', 'an unsupported lane is never eligible')
  if (packet.claim !== (eligible ? packet.support : 'none')) refuse('claim', 'no more than the support of an eligible lane')
})
export type GatePacket = z.infer<typeof GatePacketSchema>

/** What `lanecheck gate --json` prints. */
export const GateReportSchema = z.strictObject({
  schema: z.literal('lanecheck.gate.v1'),
  run_id: z.string().min(1),
  packets: z.array(GatePacketSchema),
  exit_code: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
})
export type GateReport = z.infer<typeof GateReportSchema>
