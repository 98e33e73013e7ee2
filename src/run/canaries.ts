import { CANARIES, type CanaryName, type CanaryRecord, type CanaryResult } from '../contract/canary.js'
import type { InfrastructureLoss } from '../contract/evidence.js'
import type { EngineIdentity } from '../contract/host.js'
import { judgeCanary, OUTSIDE_LOSSES } from '../canary/judge-canary.js'
import { PLANTS, type Plant } from '../canary/plants.js'
import { canonicalDigest } from '../evidence/digest.js'
import type { AttemptPlan, AttemptResult } from './attempt.js'

/** No sign of life for so long and the canary that hangs is cut off; it says nothing from the moment it hangs. In ms. */
export const CANARY_SILENCE_MS = 700
/** The other canaries wait for what must come; on a machine under load it comes late, which is no fault of the engine's. In ms. */
const PATIENCE_MS = 15_000

/** What is kept of a session's canaries, but for the run's own. */
export type SessionCanaries = Omit<CanaryRecord, 'schema' | 'run_id' | 'artifact_sha256'>

export interface CanaryOptions {
  /** The canaries' own artifact: the harness on a stand-in for the subject. */
  script: string
  /** The number of the first session. */
  first_session: number
  /** What is planted instead of the kit's own faults, to show that each can go unseen. */
  plants?: Readonly<Record<CanaryName, Plant>>
  /** Called when the canaries of a session are back. */
  onSession(record: SessionCanaries): Promise<void>
}

/** What the canaries of one session came to. */
export interface Proof {
  session: number
  /** Why the session gives no verdicts; null when it may. */
  loss: InfrastructureLoss | null
}

/** How a canary is carried out: an attempt in a dedicated worker, as any cell's. */
export type SendCanary = (canary: CanaryName, shape: Pick<AttemptPlan, 'scenario' | 'order' | 'silence_limit_ms' | 'script'>) => Promise<AttemptResult>

/** Sends out all canaries of a session side by side and judges what came back; throws only what `onSession` throws. */
export async function proveSession(session: number, identity: EngineIdentity, { script, plants = PLANTS, onSession }: CanaryOptions, send: SendCanary): Promise<Proof> {
  const sights = await Promise.all(CANARIES.map(async (canary) => {
    const { fault, scenario, sent } = plants[canary]
    return send(canary, { script, scenario, order: { type: 'canary', fault, sent }, silence_limit_ms: fault === 'hang' ? CANARY_SILENCE_MS : PATIENCE_MS })
  }))
  const outside = sights.find(({ infrastructure }) => infrastructure !== null && OUTSIDE_LOSSES.has(infrastructure.what))
  if (outside !== undefined) return { session, loss: outside.infrastructure }
  const canaries = sights.map(({ end, infrastructure: loss, events }, at) => judgeCanary(CANARIES[at]!, { end, loss, events }, canonicalDigest))
  const bad = canaries.find(({ good }) => !good)
  await onSession({ ...identity, session, good: bad === undefined, canaries })
  return { session, loss: bad === undefined ? null : lossOf(session, bad) }
}

const lossOf = (session: number, { canary, required, given }: CanaryResult): InfrastructureLoss =>
  ({ what: 'canary_failed', detail: `session ${session}, canary ${canary}: required ${required}; given ${given}` })
