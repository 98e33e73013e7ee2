import { NO_ASSETS, type Assets } from '../contract/assets.js'
import { isLanecheckError, LanecheckError, type ErrorCode } from '../contract/errors.js'
import type { RealmProbe, SubjectDeclaration } from '../contract/host.js'
import type { FromRealm } from '../contract/realm-protocol.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import { eventHash } from './hashes.js'
import { labHostSource } from './host-source.js'
import { LAB_LIMITS, type LabLimits } from './limits.js'
import { missingGlobal } from './reaches.js'
import { createSession, drive, type Session } from './session.js'

export interface LabOptions {
  /** One classic script: recorder, interpreter and subject. */
  artifact: string
  /** What it fetches by URL; none when left out. */
  assets?: Assets | undefined
  scenario: Scenario
  seed: number
  limits?: Partial<LabLimits>
}

/** What all witnesses saw of a lab run. */
export interface LabTrace {
  /** In one order of happening; `seq` counts from 0. */
  events: TraceEvent[]
  probe: RealmProbe
  declaration: SubjectDeclaration
  end: Extract<FromRealm, { type: 'done' | 'failed' }>
  /** SHA-256 over due time and kind of every task, in the order they ran. */
  schedule_hash: string
  /** SHA-256 over the events, `ms` left out. */
  event_hash: string
  event_count: number
  tasks: number
  /** What the subject asked for during the run that the lab has no virtual form of. */
  reached_for: string[]
  /** Lines of the subject's console. */
  console: string[]
}

/**
 * Runs a scenario with the artifact on virtual globals, a virtual clock and a virtual network.
 * Throws `subject_does_not_parse`, `subject_throws`, `subject_invalid`, `subject_never_starts`, `lab_missing_global`, `lab_stalled`, `internal`.
 */
export async function runLabOnce({ artifact, assets = NO_ASSETS, scenario, seed, limits }: LabOptions): Promise<LabTrace> {
  const session = createSession({ host_source: await labHostSource(), artifact, assets, scenario, seed, limits: { ...LAB_LIMITS, ...limits } })
  await driven(session)
  const { probe, declaration } = helloOf(session)
  const end = session.end ?? { type: 'done', stalled: true }
  refuseMissing(session, end)
  const { events } = session
  events.forEach((event, seq) => { event.seq = seq })
  return {
    events, probe, declaration, end,
    schedule_hash: session.clockwork.scheduleHash(),
    event_hash: eventHash(events),
    event_count: events.length,
    tasks: session.clockwork.tasksRun(),
    reached_for: session.reaches.duringRun(),
    console: session.console,
  }
}

/** Runs twice; `deterministic` tells whether both runs had the same schedule and events. Throws as `runLabOnce`. */
export async function runLabTwice(options: LabOptions): Promise<{ first: LabTrace; second: LabTrace; deterministic: boolean }> {
  const first = await runLabOnce(options)
  const second = await runLabOnce(options)
  const deterministic = first.schedule_hash === second.schedule_hash && first.event_hash === second.event_hash
  return { first, second, deterministic }
}

/**
 * What the subject says of itself, by running the artifact as far as its `hello`.
 * Throws `subject_does_not_parse`, `subject_throws`, `subject_invalid`, `subject_never_starts`, `lab_missing_global`, `lab_stalled`.
 */
export async function declareSubject(artifact: string, limits?: Partial<LabLimits>, assets: Assets = NO_ASSETS): Promise<{ declaration: SubjectDeclaration; probe: RealmProbe }> {
  const session = createSession({ host_source: await labHostSource(), artifact, assets, scenario: null, seed: 0, limits: { ...LAB_LIMITS, ...limits } })
  await driven(session)
  return helloOf(session)
}

async function driven(session: Session): Promise<void> {
  try {
    await drive(session)
  } catch (error) {
    if (!isLanecheckError(error) || error.code !== 'subject_throws') throw error
    const missing = session.reaches.explaining(error.message)
    throw missing === null ? error : missingGlobal(missing, error.message)
  }
}

const FAILED: Record<Extract<FromRealm, { type: 'failed' }>['code'], ErrorCode> = {
  subject_throws: 'subject_throws', subject_never_starts: 'subject_never_starts', bridge_unreachable: 'internal', bridge_broken: 'internal', bridge_cancelled: 'internal', harness: 'internal',
}

function helloOf(session: Session): NonNullable<Session['hello']> {
  if (session.hello !== null) return session.hello
  const { end, reaches } = session
  const text = end?.type === 'failed' ? end.message : session.console.at(-1) ?? ''
  const missing = reaches.explaining(text)
  if (missing !== null) throw missingGlobal(missing, text)
  if (end?.type === 'failed') throw new LanecheckError(FAILED[end.code], text)
  throw new LanecheckError('subject_never_starts', `the artifact never said hello${text === '' ? '' : `; the last line of its console: ${text}`}`)
}

/** A run that broke because the lab lacks something says nothing of the subject. */
function refuseMissing(session: Session, end: LabTrace['end']): void {
  const thrown = session.events.filter((event) => event.kind === 'subject.threw').map((event) => event.message)
  const texts = end.type === 'failed' ? [...thrown, end.message] : thrown
  for (const text of texts) {
    const missing = session.reaches.explaining(text)
    if (missing !== null) throw missingGlobal(missing, text)
  }
}
