import type { DowngradeAnswer, DowngradeOutcome, DowngradeRow } from '../contract/downgrade-report.js'
import type { CauseDetail, SubjectDeclaration } from '../contract/host.js'
import type { Verdict } from '../contract/verdict.js'
import type { Engine, HostRole, VerdictToken } from '../contract/vocabulary.js'
import { expectedAnswer } from './expected.js'
import type { Given } from './read-given.js'
import type { Trial } from './trials.js'

type Difference = DowngradeRow['differences'][number]

/** Holds what happened in one realm to what the contract asks of the trial there. */
export function compareTrial(trial: Trial, engine: Engine, host_role: HostRole, subject: SubjectDeclaration, given: Given): DowngradeRow {
  const expected = expectedAnswer(trial, host_role, subject, (capability) => given.packet?.probe?.capabilities[capability] ?? null)
  const differences = differencesOf(expected, given)
  return {
    trial: trial.id, engine, host_role, needed: expected.support_class !== 'direct', expected,
    given: answerOf(given, expected), outcome: outcomeOf(expected, given, differences), differences,
    cells: given.cells.flatMap(({ verdict }) => (verdict === null ? [] : [cellOf(verdict)])),
  }
}

const cellOf = ({ scenario_id, verdict, reason, artifact_bundle, repro_command }: Verdict): DowngradeRow['cells'][number] => ({ scenario_id, verdict, reason, artifact_bundle, repro_command })

/** Null without a host packet. Of several verdicts and carriers the first that is not as expected is given. */
function answerOf({ packet, cells }: Given, expected: DowngradeAnswer): DowngradeAnswer | null {
  if (packet === null) return null
  const { support_class, reason_code, admission: { cause } } = packet
  const verdicts = cells.map(({ verdict }) => meant(verdict, expected))
  const carriers = cells.flatMap(({ downgrade }) => (downgrade === null ? [] : [carrierOf(downgrade)]))
  const odd = <Value>(values: readonly Value[], right: Value): Value | undefined => values.find((value) => value !== right) ?? values[0]
  return { support_class, reason_code, cause, carrier: odd(carriers, expected.carrier) ?? null, verdict: odd(verdicts, expected.verdict) ?? 'not_run' }
}

const carrierOf = ({ attempts }: NonNullable<Given['cells'][number]['downgrade']>): DowngradeAnswer['carrier'] => attempts.findLast(({ lost }) => !lost)?.carrier ?? null

/** A family that the subject does not have at all is no failure to run directly. */
function meant(verdict: Verdict | null, expected: DowngradeAnswer): VerdictToken {
  if (verdict === null) return 'not_run'
  const absent = verdict.verdict === 'unsupported' && verdict.findings.some(({ law }) => law === 'family_absent')
  return absent && verdict.support_class === expected.support_class ? expected.verdict : verdict.verdict
}

function differencesOf(expected: DowngradeAnswer, { packet, packet_path, cells }: Given): Difference[] {
  const found: Difference[] = []
  const check = (field: string, wanted: string, seen: string, file: string | null): void => {
    if (wanted !== seen) found.push({ field, expected: wanted, given: seen, file })
  }
  if (packet === null) found.push({ field: 'host packet', expected: 'one', given: 'none', file: packet_path })
  else admission(check, expected, { ...packet, cause: packet.admission.cause }, packet_path)
  for (const { scenario_id, verdict, downgrade } of cells) {
    const file = (name: string): string | null => (verdict?.artifact_bundle == null ? null : `${verdict.artifact_bundle}/${name}`)
    check(`verdict of ${scenario_id}`, expected.verdict, meant(verdict, expected), file('verdict.json'))
    if (verdict === null || SAYS_NOTHING.has(verdict.verdict)) continue
    admission(check, expected, verdict, file('verdict.json'))
    check(`downgrade record of ${scenario_id}`, expected.support_class === 'bridge_only' ? 'one' : 'none', downgrade === null ? 'none' : 'one', file('downgrade.json'))
    if (downgrade === null || expected.support_class !== 'bridge_only') continue
    if (expected.carrier !== null) check(`carrier of ${scenario_id}`, expected.carrier, carrierOf(downgrade) ?? 'none', file('downgrade.json'))
    check(`missing in ${scenario_id}`, causeText(expected.cause), causeText(downgrade.missing), file('downgrade.json'))
    check(`logs of ${scenario_id}`, 'agree', downgrade.complete ? 'agree' : 'disagree', file('downgrade.json'))
  }
  return found
}

type Admitted = Pick<DowngradeAnswer, 'support_class' | 'reason_code' | 'cause'>

function admission(check: (field: string, wanted: string, seen: string, file: string | null) => void, expected: Admitted, seen: Admitted, file: string | null): void {
  check('support_class', expected.support_class, seen.support_class, file)
  check('reason_code', expected.reason_code, seen.reason_code, file)
  check('cause', causeText(expected.cause), causeText(seen.cause), file)
}

/** A cause as words of the contract. */
export function causeText(cause: CauseDetail | null): string {
  if (cause === null) return 'none'
  if (cause.cause === 'missing_capability') return `missing_capability ${cause.capability}`
  return cause.cause === 'prerequisite_missing' ? `prerequisite_missing ${cause.prerequisite}` : cause.cause
}

/** Verdicts on a run that was not had, and on one that shows nothing. */
const SAYS_NOTHING: ReadonlySet<VerdictToken> = new Set(['infrastructure_loss', 'not_run'])
const WEAK: ReadonlySet<VerdictToken> = new Set(['invalid_experiment', 'irreproducible'])

/** An answer that differs is worse than one that is not there; what is not there is told apart from what shows nothing. */
function outcomeOf(expected: DowngradeAnswer, { packet, cells }: Given, differences: readonly Difference[]): DowngradeOutcome {
  if (differences.length === 0) return 'ok'
  const realmLost = packet === null || (packet.reason_code === 'realm_unavailable' && expected.reason_code !== 'realm_unavailable')
  if (realmLost) return 'lost'
  const tokens = cells.map(({ verdict }) => verdict?.verdict ?? 'not_run')
  const beside = differences.filter(({ field }) => !field.startsWith('verdict of '))
  const wrong = tokens.some((token) => token !== expected.verdict && !SAYS_NOTHING.has(token) && !WEAK.has(token))
  if (beside.some(({ field, file }) => !ofWeakCell(field, file, cells)) || wrong) return 'different'
  return tokens.some((token) => SAYS_NOTHING.has(token)) ? 'lost' : 'weak'
}

/** Whether a difference is in the records of a cell that proves nothing, as the logs of a run that its bridge broke. */
const ofWeakCell = (_field: string, file: string | null, cells: Given['cells']): boolean =>
  cells.some(({ verdict }) => verdict?.artifact_bundle != null && WEAK.has(verdict.verdict) && file?.startsWith(`${verdict.artifact_bundle}/`) === true)
