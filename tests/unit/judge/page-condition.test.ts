import { describe, expect, test } from 'vitest'
import type { AdmissionRule } from '../../../src/contract/admission-rule.js'
import type { Admission, RealmProbe, SubjectDeclaration } from '../../../src/contract/host.js'
import { PAGE_CONDITIONS } from '../../../src/contract/page-conditions.js'
import type { HostRole } from '../../../src/contract/vocabulary.js'
import { admissionFinding, expectedAdmission } from '../../../src/judge/expected-admission.js'
import { judge } from '../../../src/judge/judge.js'
import { conditionSeen } from '../../../src/judge/page-condition.js'
import { findScenarios } from '../../../src/scenarios/catalogue.js'
import { SUBJECT, probeOf } from '../run/support.js'

const SEEN: Record<(typeof PAGE_CONDITIONS)[number], Partial<RealmProbe>> = {
  plain: {}, isolated: { cross_origin_isolated: true }, wasm_forbidden: { wasm_blocked: true }, insecure: { secure_context: false },
}

describe('T0 browser_surface: the page condition is seen from inside', () => {
  test.each(PAGE_CONDITIONS)('%s is seen where it holds and under no other condition', (page) => {
    for (const other of PAGE_CONDITIONS) expect(conditionSeen(page, 'window', probeOf('window', SEEN[other])), other).toBe(page === other)
  })
  test('whether other workers are isolated is the engine\'s affair; window and dedicated worker must be', () => {
    const roles: Array<[HostRole, boolean]> = [['window', false], ['dedicated_worker', false], ['shared_worker', true], ['service_worker', true]]
    for (const [role, seen] of roles) expect(conditionSeen('isolated', role, probeOf(role)), role).toBe(seen)
    expect(conditionSeen('isolated', 'shared_worker', probeOf('shared_worker', { secure_context: false }))).toBe(false)
  })
  test('a realm that could not be had saw nothing', () => {
    for (const page of PAGE_CONDITIONS) expect(conditionSeen(page, 'window', null)).toBe(false)
  })
})

const [shared] = findScenarios('browser.isolation.on_shared_memory')
const lacking = (...names: Array<keyof RealmProbe['capabilities']>): RealmProbe['capabilities'] => ({ ...probeOf('window').capabilities, ...Object.fromEntries(names.map((name) => [name, false])) })
const DIRECT: Admission = { support_class: 'direct', reason_code: 'admitted_direct', route: 'direct', cause: null, bridge_handshake: false }
const over = (cause: Admission['cause']): Admission => ({ support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', route: 'bridge', cause, bridge_handshake: true })

const told = ({ support_class, reason_code, cause }: Pick<AdmissionRule, 'support_class' | 'reason_code' | 'cause'>): string => JSON.stringify({ cause, reason_code, support_class })

describe('T0 browser_surface: the admission that a scenario asks for', () => {
  const rules = shared!.expect.admission!
  const asked = (subject: Partial<SubjectDeclaration>, probe: RealmProbe | null, host_role: HostRole = 'window') => expectedAdmission(rules, { host_role, subject: { ...SUBJECT, ...subject }, probe })
  test('the first rule that holds decides: the subject, what it requires, what the engine lacks, nothing', () => {
    const bare = probeOf('window', { cross_origin_isolated: true, capabilities: lacking('shared_array_buffer', 'fetch') })
    expect(asked({ host_roles: [] }, bare)).toMatchObject({ cause: { cause: 'subject_declines_host_role' } })
    expect(asked({ host_roles: ['window'], requires: ['fetch'] }, bare)).toMatchObject({ support_class: 'bridge_only', cause: 'any' })
    expect(asked({ host_roles: ['window'], requires: ['timers'] }, bare)).toMatchObject({ cause: { cause: 'missing_capability', capability: 'shared_array_buffer' } })
    expect(asked({ host_roles: ['window'], requires: ['timers'] }, probeOf('window'))).toMatchObject({ support_class: 'direct', cause: null })
  })
  test('a subject that allows no bridge is refused where another goes over it', () => {
    expect(asked({ host_roles: [], bridge: false }, probeOf('window'))).toMatchObject({ support_class: 'unsupported', reason_code: 'unsupported_runtime_context', cause: { cause: 'subject_declines_host_role' } })
  })
  test('a difference in class, reason or cause is a break by the law of admission', () => {
    const admitted = { host_role: 'window' as const, subject: { ...SUBJECT, host_roles: ['window' as const], requires: [] }, probe: probeOf('window', { capabilities: lacking('shared_array_buffer') }) }
    expect(admissionFinding(rules, admitted, over({ capability: 'shared_array_buffer', cause: 'missing_capability' }))).toBeNull()
    for (const found of [DIRECT, over({ cause: 'wasm_blocked' }), over({ cause: 'missing_capability', capability: 'webtransport' })]) expect(admissionFinding(rules, admitted, found)).toMatchObject({ law: 'admission', severity: 'break' })
    expect(admissionFinding([{ ...rules[0]!, when: { host_role: ['service_worker'] } }], admitted, DIRECT)).toMatchObject({ expected: 'a rule that holds' })
  })

  const [TAKEN, DECLINED] = [{ support_class: 'direct', reason_code: 'admitted_direct', cause: null }, { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', cause: { cause: 'subject_declines_host_role' } }] as const
  const bare = probeOf('window', { capabilities: lacking('fetch') })
  test.each<[string, AdmissionRule['when'], Partial<SubjectDeclaration>, RealmProbe | null, boolean]>([
    ['nothing is named', undefined, {}, null, true],
    ['its role is among those named', { host_role: ['shared_worker', 'window'] }, {}, bare, true],
    ['its role is among those named, of a realm that was not had', { host_role: ['window'] }, {}, null, true],
    ['its role is not among those named', { host_role: ['shared_worker'] }, {}, bare, false],
    ['all that is named is required', { subject_requires: ['fetch', 'timers'] }, { requires: ['timers', 'jspi', 'fetch'] }, bare, true],
    ['only a part of what is named is required', { subject_requires: ['fetch', 'timers'] }, { requires: ['timers'] }, bare, false],
    ['nothing that is named is required', { subject_requires: ['fetch'] }, { requires: [] }, bare, false],
    ['a requirement is missing', { requirement_missing: true }, { requires: ['timers', 'fetch'] }, bare, true],
    ['no requirement is missing', { requirement_missing: true }, { requires: ['timers'] }, bare, false],
    ['of a realm that was not had nothing is known to be missing', { requirement_missing: true }, { requires: ['fetch'] }, null, false],
    ['the realm lacks what is named', { realm_lacks: 'fetch' }, {}, bare, true],
    ['the realm has what is named', { realm_lacks: 'timers' }, {}, bare, false],
    ['only one of two things holds', { realm_lacks: 'fetch', subject_takes_role: false }, {}, bare, false],
  ])('a rule holds by all that it names: %s', (_, when, subject, probe, held) => {
    const admitted = { host_role: 'window' as const, subject: { ...SUBJECT, ...subject }, probe }
    expect(expectedAdmission([{ ...DECLINED, ...(when === undefined ? {} : { when }) }, TAKEN], admitted)).toEqual(held ? DECLINED : TAKEN)
  })
  test('a subject that allows no bridge is admitted directly all the same', () => expect(expectedAdmission([TAKEN], { host_role: 'window', subject: { ...SUBJECT, bridge: false }, probe: null })).toEqual(TAKEN))

  const admitted = { host_role: 'window' as const, subject: SUBJECT, probe: probeOf('window') }
  test.each<[string, Admission]>([
    ['class', { ...DIRECT, ...DECLINED, support_class: 'unsupported' }], ['reason', { ...DIRECT, ...DECLINED, reason_code: 'bridge_unreachable' }], ['cause', { ...DIRECT, ...DECLINED, cause: { cause: 'wasm_blocked' } }], ['cause, which is none', { ...DIRECT, ...DECLINED, cause: null }],
  ])('another %s is told with all three', (_, found) => {
    const { support_class, reason_code, cause } = found
    expect(admissionFinding([DECLINED], admitted, found)).toMatchObject({ field: 'admission', attempt: 0, expected: told(DECLINED), found: told({ support_class, reason_code, cause }) })
  })
  test('whatever the cause is whatever the cause', () => {
    const any = [{ ...DECLINED, cause: 'any' as const }]
    for (const cause of [DECLINED.cause, { cause: 'wasm_blocked' as const }]) expect(admissionFinding(any, admitted, over(cause))).toBeNull()
    expect(admissionFinding(any, admitted, { ...over(DECLINED.cause), reason_code: 'bridge_unreachable' })).toMatchObject({ found: told({ support_class: 'bridge_only', reason_code: 'bridge_unreachable', cause: 'any' }) })
  })
})

describe('T4 browser_surface: eligibility before capability', () => {
  const cell = (probe: RealmProbe, answer: Admission, probes: RealmProbe[] = []) => judge({
    scenario: shared!, admission: answer, admitted: { host_role: 'window', subject: { ...SUBJECT, host_roles: ['window'], requires: [] }, probe }, probes,
    lab: null, attempts: [], infrastructure: null, engine_available: true, bridge_logs_agree: true, peers_from_model: true, capture_manifest_path: null, normalized_record_path: null,
  })
  const gap = over({ cause: 'missing_capability', capability: 'shared_array_buffer' })
  test('a page that was to be isolated and is not → invalid_experiment, blocked_missing_virtualization; the engine is not blamed', () => {
    const found = cell(probeOf('window', { capabilities: lacking('shared_array_buffer') }), gap)
    expect(found).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization' })
    expect(found.findings[0]).toMatchObject({ law: 'admission', field: 'page', expected: 'isolated' })
  })
  test('the page must hold in the realm that ran, too', () => {
    const whole = probeOf('window', { cross_origin_isolated: true })
    expect(cell(whole, DIRECT, [probeOf('window')])).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization' })
    expect(cell(whole, DIRECT, [whole]).verdict).toBe('not_run')
  })
  test('under the page that was asked for, an admission that differs → semantic_mismatch', () => {
    const isolated = probeOf('window', { cross_origin_isolated: true })
    expect(cell(isolated, gap)).toMatchObject({ verdict: 'semantic_mismatch', eligibility_verdict: 'eligible' })
  })
  test('bridge_only without a handshake that both sides logged is refused', () => {
    const probe = probeOf('window', { cross_origin_isolated: true, capabilities: lacking('shared_array_buffer') })
    const evidence = { scenario: shared!, admission: gap, admitted: { host_role: 'window' as const, subject: { ...SUBJECT, host_roles: ['window' as const], requires: [] }, probe }, lab: null, attempts: [], infrastructure: null, engine_available: true, peers_from_model: true, capture_manifest_path: null, normalized_record_path: null }
    for (const bridge_logs_agree of [null, false]) expect(judge({ ...evidence, bridge_logs_agree })).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_observability', reason: expect.stringMatching(/^bridge_only is refused/) })
  })
  const unreached = (reason_code: Admission['reason_code'], cause: Admission['cause'], probe: RealmProbe | null) => judge({
    scenario: shared!, admission: { support_class: 'unsupported', reason_code, route: 'none', cause, bridge_handshake: false }, admitted: { host_role: 'window', subject: { ...SUBJECT, host_roles: ['window'], requires: [] }, probe }, probes: [],
    lab: null, attempts: [], infrastructure: null, engine_available: true, bridge_logs_agree: null, peers_from_model: true, capture_manifest_path: null, normalized_record_path: null,
  })
  test('a bridge or a realm that this machine did not give: unsupported with its reason, and no other admission than asked for', () => {
    const bare = probeOf('window', { cross_origin_isolated: true, capabilities: lacking('shared_array_buffer') })
    expect(unreached('bridge_unreachable', { cause: 'missing_capability', capability: 'shared_array_buffer' }, bare)).toMatchObject({ verdict: 'unsupported', eligibility_verdict: 'eligible', reason: expect.stringMatching(/^bridge_unreachable/) })
    expect(unreached('realm_unavailable', { cause: 'prerequisite_missing', prerequisite: 'secure_context' }, null)).toMatchObject({ verdict: 'unsupported', reason: expect.stringMatching(/^realm_unavailable/) })
    expect(unreached('unsupported_runtime_context', { cause: 'missing_capability', capability: 'shared_array_buffer' }, bare)).toMatchObject({ verdict: 'semantic_mismatch' })
  })
  test('a realm that was not had, with no cause, cannot tell of its page', () => {
    expect(unreached('realm_unavailable', null, null)).toMatchObject({ verdict: 'invalid_experiment', reason: expect.stringMatching(/^page_condition_unseen/) })
  })
})
