import type { CanaryName, CanaryResult, CanarySight } from '../contract/canary.js'
import type { InfrastructureLoss } from '../contract/evidence.js'
import { peersFromModel } from '../judge/capture-facts.js'
import { breaks } from '../judge/findings.js'
import { judge } from '../judge/judge.js'
import { normalize } from '../judge/normalize.js'
import { checkScenario } from '../scenarios/validate.js'
import { isLanecheckError } from '../contract/errors.js'
import { labSide } from './lab-side.js'
import { AS_DECLARED, NONSENSE } from './plants.js'

export type Digest = (value: unknown) => string
type Answer = (seen: CanarySight, digest: Digest) => string

const REQUIRED: Readonly<Record<CanaryName, string>> = {
  nonsense: 'refused by Node and by the realm',
  mismatch: 'semantic_mismatch in what was heard, against the expectation and the lab, and in nothing else',
  hang: 'realm_silent',
  crash: 'realm_crashed',
}

const ANSWERS: Readonly<Record<CanaryName, Answer>> = {
  nonsense: (seen) => `${nodeRefuses() ? 'refused' : 'taken'} by Node and ${realmRefused(seen) ? 'by the realm' : `${howItEnded(seen)} in the realm`}`,
  mismatch: answerToMismatch,
  hang: howItEnded,
  crash: howItEnded,
}

/** Judges one canary by what came back of it, through the same judge as any cell. Pure: an audit comes to the same. */
export function judgeCanary(canary: CanaryName, seen: CanarySight, digest: Digest): CanaryResult {
  const required = REQUIRED[canary]
  const given = ANSWERS[canary](seen, digest)
  return { canary, required, given, good: given === required, seen, seen_digest: digest(seen) }
}

/** What stopped a session whose canaries say nothing of it: the engine went, or the run was stopped. */
export const OUTSIDE_LOSSES: ReadonlySet<InfrastructureLoss['what']> = new Set(['engine_crashed', 'engine_launch_failed', 'interrupted'])

function nodeRefuses(): boolean {
  try {
    checkScenario(NONSENSE, 'canary')
    return false
  } catch (error) {
    return isLanecheckError(error) && error.code === 'scenario_invalid'
  }
}

const realmRefused = ({ end, loss }: CanarySight): boolean => loss === null && end?.type === 'failed' && end.code === 'harness'

/** A limit on the whole cuts off too, but late: only silence is what a hang looks like. */
function howItEnded({ end, loss }: CanarySight): string {
  if (loss !== null) return loss.what === 'realm_silent' && !loss.detail.startsWith('no sign of life') ? `${loss.what}: ${loss.detail}` : loss.what
  return end === null ? 'nothing' : end.type
}

const HEARD = /^channels\.c\.(?:received|peer_sent)\[0\]/

function answerToMismatch(seen: CanarySight, digest: Digest): string {
  const { events, end, loss } = seen
  if (loss !== null || end?.type !== 'done') return howItEnded(seen)
  const record = normalize({ scenario: AS_DECLARED, events, clock_source: 'performance_now', end, digest })
  const { verdict, findings, reason } = judge({
    scenario: AS_DECLARED, lab: labSide(digest), attempts: [{ attempt: 1, route: 'direct', record }], infrastructure: null, engine_available: true, bridge_logs_agree: null,
    admission: { support_class: 'direct', reason_code: 'admitted_direct', route: 'direct', cause: null, bridge_handshake: false },
    peers_from_model: peersFromModel(AS_DECLARED, events), capture_manifest_path: 'kept', normalized_record_path: 'kept',
  })
  const broken = breaks(findings)
  const laws = new Set(broken.map(({ law }) => law))
  const stray = broken.find(({ field }) => !HEARD.test(field))
  if (verdict !== 'semantic_mismatch' || stray !== undefined) return `${verdict}: ${stray?.field ?? reason}`
  return laws.has('expectation_live') && laws.has('lab_live_agreement') ? REQUIRED.mismatch : `${verdict} by ${[...laws].join(', ')} alone`
}
