import { z } from 'zod'
import { ReasonCodeSchema, SupportClassSchema, type ReasonCode, type SupportClass } from './vocabulary.js'

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d{1,5}\/?$/
const NOT_LOOPBACK = 'only an address on this machine\'s loopback: http://127.0.0.1:<port> or http://[::1]:<port>'

/** When a server that the kit started is up: a path of it answers with 2xx, or a line that it prints on standard output holds a text. */
const ServerReadySchema = z.union([z.strictObject({ path: z.string().regex(/^\/\S*$/, 'a path of the server, as in /health') }), z.strictObject({ line: z.string().min(1) })])

const ServerCommandSchema = z.strictObject({
  kind: z.literal('command'),
  /** Program and arguments, run without a shell in the folder of the subject's module; `node` is the Node that runs the kit. */
  command: z.array(z.string().min(1)).min(1),
  /** Where it listens on 127.0.0.1 when it cannot be told; left out: a free port, named in `LANECHECK_SERVER_PORT`. */
  port: z.number().int().min(1).max(65_535).optional(),
  ready: ServerReadySchema,
  /** Longest it may take to be ready, in ms. */
  limit_ms: z.number().int().min(100).max(120_000),
})
export type ServerCommand = z.infer<typeof ServerCommandSchema>

/** One that somebody else keeps running. */
const ServerAddressSchema = z.strictObject({ kind: z.literal('address'), url: z.string().regex(LOOPBACK, NOT_LOOPBACK) })

export const OwnServerSchema = z.discriminatedUnion('kind', [ServerCommandSchema, ServerAddressSchema])
/** A subject's own server: a command that the kit starts, waits for and stops, or an address on loopback. */
export type OwnServerBlock = z.infer<typeof OwnServerSchema>

/** A subject's own downgrade, in place of the kit's: its host detection, its server, or both. */
export const OwnDowngradeSchema = z.strictObject({
  /** The name of an export of the module: a function that says of its realm `{ support_class, reason_code }`, or a promise of it. */
  classify: z.string().regex(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u, 'the name of an export').optional(),
  /** What the function's own words mean in the contract's; the contract's words need no entry. */
  words: z.strictObject({ support_class: z.record(z.string().min(1), SupportClassSchema).optional(), reason_code: z.record(z.string().min(1), ReasonCodeSchema).optional() }).optional(),
  server: OwnServerSchema.optional(),
}).superRefine(({ classify, words, server }, issues) => {
  if (classify === undefined && server === undefined) issues.addIssue({ code: 'custom', message: 'it names neither a classify nor a server' })
  if (classify === undefined && words !== undefined) issues.addIssue({ code: 'custom', path: ['words'], message: 'there is no classify whose words these are' })
})
export type OwnDowngrade = z.infer<typeof OwnDowngradeSchema>

/** What the function said in a realm, letter for letter; or why it said nothing that counts. */
export const OwnClaimSchema = z.union([
  z.strictObject({ support_class: z.string().max(200), reason_code: z.string().max(200) }),
  z.strictObject({ error: z.string().max(500) }),
])
export type OwnClaim = z.infer<typeof OwnClaimSchema>

interface Claiming { downgrade?: OwnDowngrade | undefined; claim?: OwnClaim | null | undefined }
interface Answer { support_class: SupportClass; reason_code: ReasonCode }

/** A claim beside the answer that it should have been, both as one line. */
export interface ClaimCompared { agrees: boolean; expected: string; claimed: string }

/**
 * What a subject claims of its realm against the ladder's answer; null where it makes no claim, or none can be held against it.
 * A bridge that could not be reached is none of the detection's business: a claim to be downgraded is right there.
 */
export function compareClaim({ downgrade, claim }: Claiming, admission: Answer): ClaimCompared | null {
  if (downgrade?.classify === undefined || claim === undefined || claim === null || admission.reason_code === 'realm_unavailable') return null
  const expected = admission.reason_code === 'bridge_unreachable' ? 'bridge_only, downgrade_to_server_bridge' : `${admission.support_class}, ${admission.reason_code}`
  if ('error' in claim) return { agrees: false, expected, claimed: `no claim: ${claim.error}` }
  const { words } = downgrade
  const support = SupportClassSchema.safeParse(words?.support_class?.[claim.support_class] ?? claim.support_class).data
  const reason = ReasonCodeSchema.safeParse(words?.reason_code?.[claim.reason_code] ?? claim.reason_code).data
  if (support === undefined) return { agrees: false, expected, claimed: `a support class that is none of the contract's: ${claim.support_class}` }
  if (reason === undefined) return { agrees: false, expected, claimed: `a reason code that is none of the contract's: ${claim.reason_code}` }
  const claimed = `${support}, ${reason}`
  return { agrees: claimed === expected, expected, claimed }
}

/** The difference as a line of a host packet's findings; none where there is none. */
export function claimLines(subject: Claiming, admission: Answer): string[] {
  const compared = compareClaim(subject, admission)
  return compared === null || compared.agrees ? [] : [`the subject's own classify() says ${compared.claimed}; the probe and the ladder say ${compared.expected}`]
}

/** Bytes kept of each of a server's outputs: the last ones. */
export const KEPT_OUTPUT_BYTES = 64 * 1024
const OutputSchema = z.strictObject({ bytes: z.number().int().min(0), kept: z.string() })

/** `own-server.json`: the subject's own server as the kit had it. Times are provenance, and left out. */
export const OwnServerRecordSchema = z.strictObject({
  schema: z.literal('lanecheck.own-server.v1'),
  run_id: z.string().min(1),
  server: OwnServerSchema,
  /** Whether it was there at the start. */
  ready: z.boolean(),
  /** Why it was not ready, or how it was lost in the run; null when all was well. */
  lost: z.string().nullable(),
  /** How a process that the kit started ended; null when there was none. `killed`: it did not end by SIGTERM; `left`: not even by SIGKILL. */
  ended: z.strictObject({ how: z.enum(['by_itself', 'stopped', 'killed', 'left']), code: z.number().int().nullable(), signal: z.string().nullable() }).nullable(),
  /** The last bytes of each, as text. */
  stdout: OutputSchema,
  stderr: OutputSchema,
})
export type OwnServerRecord = z.infer<typeof OwnServerRecordSchema>
