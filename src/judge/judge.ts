import type { CauseDetail } from '../contract/host.js'
import { compareClaim } from '../contract/own-downgrade.js'
import type { EligibilityVerdict, VerdictToken } from '../contract/vocabulary.js'
import type { CellEvidence, Judgement } from './cell-evidence.js'
import { eligibilityOf } from './eligibility.js'
import { admissionFinding } from './expected-admission.js'
import { breaks, finding, hard, noisy, oneLine, ranked, type Finding } from './findings.js'
import { conditionSeen } from './page-condition.js'
import { realmFinding } from './realm-that-ran.js'
import { rerunClass } from './rerun.js'
import { attemptFindings, drifted, labFindings } from './run-findings.js'
import { timePolicyClass, timeoutBudgetClass, timeoutOutcomeClass } from './time-facts.js'
import { endedInScenario, workerEndLine } from './worker-end.js'
import { absentFamilies, cellObservability, invalidExperiment, judgedOf } from './validity.js'

type Decision = Partial<Judgement> & Pick<Judgement, 'verdict' | 'eligibility_verdict' | 'reason'>
/** What both sides' findings say, computed once. `judged`: of the attempts that a verdict can rest on. */
interface Found { lab: Finding[]; perAttempt: Finding[][]; judged: Finding[][] }
type Step = (evidence: CellEvidence, found: Found) => Decision | null

/** The verdict of a cell, from its evidence alone. The steps are asked in the contract's order; the first that answers decides. */
export function judge(evidence: CellEvidence): Judgement {
  const found = findingsOf(evidence)
  const facts = factsOf(evidence, found)
  for (const step of STEPS) {
    const decision = step(evidence, found)
    if (decision) return { ...facts, ...decision, findings: ranked([...(decision.findings ?? []), ...facts.findings]) }
  }
  return { ...facts, verdict: 'not_run', eligibility_verdict: eligibilityOf('nothing_ran'), reason: 'no attempt was made' }
}

function findingsOf(evidence: CellEvidence): Found {
  const found = evidence.attempts.map((attempt) => ({ attempt, findings: attemptFindings(evidence, attempt) }))
  const judged = judgedOf(evidence.attempts)
  return { lab: labFindings(evidence), perAttempt: found.map(({ findings }) => findings), judged: found.filter(({ attempt }) => judged.includes(attempt)).map(({ findings }) => findings) }
}

const STEPS: Step[] = [infrastructure, admission, experiment, mismatch, noise]

function factsOf(evidence: CellEvidence, found: Found): Omit<Judgement, 'verdict' | 'eligibility_verdict' | 'reason'> {
  const { scenario, attempts } = evidence
  const { lab, perAttempt } = found
  return {
    findings: [...lab, ...perAttempt.flat(), ...claimAgreed(evidence)],
    time_policy_class: timePolicyClass(scenario),
    scheduler_noise_class: noiseClass(evidence, found),
    suppression_reason: 'none',
    rerun_decision: hard(lab).length > 0 ? 'no_rerun_hard_break' : rerunClass(perAttempt),
    timeout_budget_class: timeoutBudgetClass(scenario, evidence.lab),
    timeout_outcome_class: timeoutOutcomeClass(scenario, attempts),
    logical_elapsed_ticks: attempts.at(-1)?.record.qualified.logical_elapsed_ticks ?? null,
    observability_status: cellObservability(evidence),
    unsupported_reason: null,
  }
}

/** Of the best attempt that a verdict can rest on: one that stayed within the window is enough. Drift is told of whichever attempt had it. */
function noiseClass(evidence: CellEvidence, { perAttempt, judged }: Found): Judgement['scheduler_noise_class'] {
  if (judged.length > 0 && judged.every((findings) => noisy(findings).length > 0)) return 'beyond_window'
  return perAttempt.flatMap(noisy).length > 0 || evidence.attempts.some((attempt) => drifted(evidence, attempt)) ? 'within_window' : 'none'
}

// ── 1. Infrastructure ──

function infrastructure({ infrastructure: loss, engine_available, attempts }: CellEvidence): Decision | null {
  const eligibility_verdict = eligibilityOf('nothing_ran')
  if (!engine_available || loss?.what === 'engine_not_found') {
    return { verdict: 'not_run', eligibility_verdict, reason: loss?.detail || 'the engine is not on this machine' }
  }
  if (loss === null) return null
  const neverBegan = loss.what === 'interrupted' && attempts.length === 0
  const lost = finding({ law: 'infrastructure', severity: 'note', attempt: attempts.length }, 'live', 'a run that ends by itself', loss.what)
  return { verdict: neverBegan ? 'not_run' : 'infrastructure_loss', eligibility_verdict, reason: `${loss.what}: ${loss.detail}`, findings: [lost] }
}

// ── 2. Admission ──

function admission(evidence: CellEvidence): Decision | null {
  const { admission: answer, attempts, bridge_logs_agree, bridge_disagreement } = evidence
  const otherwise = pageUnseen(evidence) ?? realmUnproven(evidence) ?? admittedOtherwise(evidence) ?? claimedOtherwise(evidence) ?? workerEnded(evidence)
  if (otherwise !== null) return otherwise
  if (answer.support_class === 'unsupported') {
    const reason = unsupportedReason(answer.reason_code, answer.cause)
    const eligibility_verdict: EligibilityVerdict = answer.reason_code === 'realm_unavailable' ? eligibilityOf('nothing_ran') : 'eligible'
    const law = answer.reason_code === 'realm_unavailable' ? 'role_proof' : 'admission'
    const note = finding({ law, severity: 'note', attempt: 0 }, 'reason_code', 'admitted_direct or downgrade_to_server_bridge', reason)
    return { verdict: 'unsupported', eligibility_verdict, reason, unsupported_reason: reason, findings: [note] }
  }
  const stray = attempts.find(({ route }) => route !== answer.route)
  if (stray) {
    const broken = finding({ law: 'scope_red_line', severity: 'hard', attempt: stray.attempt }, 'route', answer.route, stray.route)
    return { verdict: 'policy_violation', eligibility_verdict: eligibilityOf('bridge_taken_for_parity'), reason: oneLine(broken), findings: [broken] }
  }
  if (answer.support_class === 'bridge_only' && !(answer.bridge_handshake && bridge_logs_agree === true)) {
    const logs = bridge_logs_agree === null ? 'not logged' : `the logs do not agree${bridge_disagreement ? ` in ${bridge_disagreement}` : ''}`
    const broken = finding({ law: 'bridge_handshake', severity: 'break', attempt: 0 }, 'bridge_handshake', 'completed, and logged by both sides', logs)
    return { verdict: 'invalid_experiment', eligibility_verdict: eligibilityOf('capture_missing'), reason: `bridge_only is refused: ${broken.found}`, findings: [broken] }
  }
  return null
}

/** Eligibility before capability: nothing is said of an engine under a page that was not what it should be. A realm that no such page lets be cannot tell. */
function pageUnseen({ scenario, admission: answer, admitted, probes = [] }: CellEvidence): Decision | null {
  if (scenario.expect.admission === undefined || admitted === undefined) return null
  if (admitted.probe === null && answer.cause !== null) return null
  const { page = 'plain' } = scenario
  const probed = [admitted.probe, ...probes.filter((probe) => probe !== null)]
  const unseen = probed.find((probe) => !conditionSeen(page, admitted.host_role, probe))
  if (unseen === undefined) return null
  const { secure_context, cross_origin_isolated, wasm_blocked } = unseen ?? {}
  const broken = finding({ law: 'admission', severity: 'break', attempt: 0 }, 'page', page, unseen === null ? 'no realm that could tell' : { secure_context, cross_origin_isolated, wasm_blocked })
  return { verdict: 'invalid_experiment', eligibility_verdict: eligibilityOf('page_condition_unseen'), reason: `page_condition_unseen: ${oneLine(broken)}`, findings: [broken] }
}

/** An attempt in a realm that is not the one admitted says nothing of the lane that the verdict names. */
function realmUnproven(evidence: CellEvidence): Decision | null {
  const broken = realmFinding(evidence)
  return broken === null ? null : { verdict: 'invalid_experiment', eligibility_verdict: eligibilityOf('host_metadata_missing'), reason: `host_metadata_missing: ${oneLine(broken)}`, findings: [broken] }
}

/** A run in whose middle the worker ended is no run of one host, and one in a worker that may not have started anew is of no proven host: neither supports a claim. */
function workerEnded({ worker_ends = [] }: CellEvidence): Decision | null {
  const halved = worker_ends.find(endedInScenario)
  const stale = worker_ends.find(({ fresh }) => !fresh)
  if (halved !== undefined) {
    const broken = finding({ law: 'scope_red_line', severity: 'break', attempt: halved.attempt }, 'worker_end', 'a worker that lives through its scenario', workerEndLine(halved))
    return { verdict: 'invalid_experiment', eligibility_verdict: eligibilityOf('opaque_host_claim'), reason: `opaque_host_claim: ${oneLine(broken)}`, findings: [broken] }
  }
  if (stale === undefined) return null
  const broken = finding({ law: 'role_proof', severity: 'break', attempt: stale.attempt }, 'worker_end', 'another start, in a global of its own', workerEndLine(stale))
  return { verdict: 'invalid_experiment', eligibility_verdict: eligibilityOf('host_metadata_missing'), reason: `host_metadata_missing: ${oneLine(broken)}`, findings: [broken] }
}

/** The admission is not the one that the scenario asks for. */
function admittedOtherwise({ scenario, admission: answer, admitted }: CellEvidence): Decision | null {
  const rules = scenario.expect.admission
  // A realm or a bridge that could not be had says what this machine did not give: the cell stays unsupported, and nobody is blamed.
  const unseen = answer.reason_code === 'realm_unavailable' || answer.reason_code === 'bridge_unreachable'
  const broken = rules === undefined || admitted === undefined || unseen ? null : admissionFinding(rules, admitted, answer)
  return broken === null ? null : { verdict: 'semantic_mismatch', eligibility_verdict: 'eligible', reason: oneLine(broken), findings: [broken] }
}

/** The subject's own host detection says otherwise than probe and ladder. A realm that takes its host for another is no parity, whatever it does there. */
function claimedOtherwise(evidence: CellEvidence): Decision | null {
  const compared = claimCompared(evidence)
  if (compared === null || compared.agrees) return null
  const broken = finding({ law: 'admission', severity: 'break', attempt: 0 }, 'classify', compared.expected, compared.claimed)
  return { verdict: by(evidence, 'semantic_mismatch', 'bridge_mismatch'), eligibility_verdict: 'eligible', reason: `the subject's own classify() says ${compared.claimed}; the probe and the ladder say ${compared.expected}`, findings: [broken] }
}

const claimCompared = ({ admitted, admission: answer }: CellEvidence): ReturnType<typeof compareClaim> => (admitted === undefined ? null : compareClaim(admitted.subject, answer))

/** That both came to the same is kept too. */
function claimAgreed(evidence: CellEvidence): Finding[] {
  const compared = claimCompared(evidence)
  return compared?.agrees === true ? [finding({ law: 'admission', severity: 'note', attempt: 0 }, 'classify', compared.expected, compared.claimed)] : []
}

/** Why a lane has no answer but `unsupported`, as one line. */
export function unsupportedReason(reason_code: string, cause: CauseDetail | null): string {
  if (cause === null) return reason_code
  if (cause.cause === 'missing_capability') return `${reason_code}: missing_capability ${cause.capability}`
  return cause.cause === 'prerequisite_missing' ? `${reason_code}: prerequisite_missing ${cause.prerequisite}` : `${reason_code}: ${cause.cause}`
}

// ── 3. Is the experiment valid? ──

function experiment(evidence: CellEvidence, { lab, perAttempt }: Found): Decision | null {
  if (evidence.attempts.length === 0) return null
  const absent = absentFamilies(evidence)
  // What a run showed that was not cut short, or that no absence explains, is not excused by the absence.
  const excused = absent.length > 0 && breaks([...lab, ...perAttempt.flat()]).length === 0
  const invalid = invalidExperiment(evidence)
  if (invalid?.signal === 'outside_reached' || (invalid && !excused)) {
    const rerun_decision = hard([invalid.finding, ...lab, ...perAttempt.flat()]).length > 0 ? 'no_rerun_hard_break' : 'not_needed'
    const time = invalid.signal === 'wall_clock_only' ? { time_policy_class: 'unsupported_time_surface' as const } : {}
    const reason = `${invalid.signal}: ${oneLine(invalid.finding)}`
    return { verdict: 'invalid_experiment', eligibility_verdict: eligibilityOf(invalid.signal), reason, findings: [invalid.finding], rerun_decision, ...time }
  }
  if (!excused) return null
  const reason = `family_absent: the subject has no ${absent.join(', ')}`
  const note = finding({ law: 'family_absent', severity: 'note', attempt: 0 }, 'absent_families', [], absent)
  return { verdict: 'unsupported', eligibility_verdict: 'eligible', reason, unsupported_reason: reason, findings: [note], rerun_decision: 'not_needed' }
}

// ── 4 and 5. Does a run break the expectation, do lab and live agree? ──

function mismatch(evidence: CellEvidence, { lab, perAttempt }: Found): Decision | null {
  if (perAttempt.length === 0) return null
  const live = perAttempt.map(breaks)
  const broken = live.filter((findings) => findings.length > 0).length
  const all = [...breaks(lab), ...live.flat()]
  if (all.length === 0) return null
  const reason = oneLine(decisive(all))
  if (evidence.claimed_suppression === 'noise_within_window' && hard(all).length > 0) {
    const erased = finding({ law: 'noise_may_not_erase', severity: 'hard', attempt: 0 }, 'suppression_reason', 'none', evidence.claimed_suppression)
    return { verdict: 'policy_violation', eligibility_verdict: 'eligible', reason: `noise may not erase a hard mismatch: ${reason}`, findings: [erased] }
  }
  const repeated = breaks(lab).length > 0 || broken === perAttempt.length || hard(all).length > 0
  if (repeated) return { verdict: by(evidence, 'semantic_mismatch', 'bridge_mismatch'), eligibility_verdict: 'eligible', reason }
  const again = finding({ law: 'reproducibility', severity: 'break', attempt: 0 }, 'attempts', 'the same in each', `broken in ${broken} of ${perAttempt.length}`)
  return { verdict: 'irreproducible', eligibility_verdict: 'eligible', reason: `broken in ${broken} of ${perAttempt.length} attempts: ${reason}`, findings: [again] }
}

/** A hard break says most; then what breaks the scenario's own expectation; agreement only repeats it. */
function decisive(all: readonly Finding[]): Finding {
  const expected = all.filter(({ law }) => law === 'expectation_lab' || law === 'expectation_live')
  const own = all.filter(({ law }) => law !== 'lab_live_agreement')
  return (hard(all)[0] ?? expected[0] ?? own[0] ?? all[0]) as Finding
}

const by = (evidence: CellEvidence, direct: VerdictToken, bridge: VerdictToken): VerdictToken => (evidence.admission.route === 'bridge' ? bridge : direct)

// ── 6. Noise ──

function noise(evidence: CellEvidence, { perAttempt, judged }: Found): Decision | null {
  if (perAttempt.length === 0) return null
  const beyond = perAttempt.flatMap(noisy)
  if (judged.every((findings) => noisy(findings).length > 0)) {
    const first = judged.flatMap(noisy)[0] as Finding
    const which = judged.length < perAttempt.length ? 'every attempt that met the capture floor' : 'every attempt'
    return {
      verdict: 'invalid_experiment', eligibility_verdict: eligibilityOf('drift_beyond_window'), reason: `drift beyond the window in ${which}: ${oneLine(first)}`,
      time_policy_class: 'scheduler_noise_signal', scheduler_noise_class: 'beyond_window',
    }
  }
  const reason = beyond.length === 0 ? 'lab and live agree' : 'lab and live agree; an attempt that drifted beyond the window was run again'
  return { verdict: by(evidence, 'parity', 'bridge_only'), eligibility_verdict: 'eligible', reason, suppression_reason: beyond.length === 0 ? 'none' : 'noise_within_window' }
}
