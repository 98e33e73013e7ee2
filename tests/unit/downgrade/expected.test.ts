import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { climb } from '../../../lanes/ladder.js'
import type { DowngradeAnswer } from '../../../src/contract/downgrade-report.js'
import { RealmProbeSchema, SubjectDeclarationSchema, type RealmProbe, type SubjectDeclaration } from '../../../src/contract/host.js'
import { pageFacts } from '../../../src/contract/page-conditions.js'
import { CAPABILITIES, HOST_ROLES, type Capability, type HostRole } from '../../../src/contract/vocabulary.js'
import { expectedAnswer, GOES_WITH, NO_REALM, UP_TO_THE_ENGINE, WITHHELD_BY_PAGE } from '../../../src/downgrade/expected.js'
import { TRIAL_SCENARIOS } from '../../../src/downgrade/trial-scenarios.js'
import { TRIALS, type Trial } from '../../../src/downgrade/trials.js'
import { answerText } from '../../../src/downgrade/words.js'
import { expectedAdmission } from '../../../src/judge/expected-admission.js'
import { findScenarios } from '../../../src/scenarios/catalogue.js'

const subjectOf = (change: Partial<SubjectDeclaration>): SubjectDeclaration => SubjectDeclarationSchema.parse({ name: 's', version: '1', requires: [], host_roles: ['window'], bridge: true, classification: null, ...change })
const REFERENCE = subjectOf({ requires: ['webassembly', 'timers', 'websocket', 'fetch', 'fetch_streaming', 'abort_controller'], host_roles: ['window', 'dedicated_worker'] })
const TIMERS_ONLY = subjectOf({ requires: ['timers'], host_roles: ['window', 'shared_worker', 'service_worker'], bridge: false })
const everything = (): boolean => true
const trialOf = (id: string): Trial => TRIALS.find((trial) => trial.id === id)!

/** What the contract asks for of the reference package in a window, told by hand. */
const IN_A_WINDOW: Record<string, string> = {
  'control.nothing_taken': 'direct',
  'control.needed_and_there': 'direct',
  'control.isolated_page': 'direct',
  'taken.webassembly': 'bridge_only: missing_capability webassembly, by websocket',
  'taken.websocket': 'bridge_only: missing_capability websocket, by fetch_streaming',
  'taken.fetch': 'bridge_only: missing_capability fetch, by websocket',
  'taken.fetch_streaming': 'bridge_only: missing_capability fetch_streaming, by websocket',
  'taken.worker': 'direct',
  'taken.worker.needed': 'bridge_only: missing_capability worker, by websocket',
  'taken.crypto_subtle': 'direct',
  'taken.crypto_subtle.needed': 'bridge_only: missing_capability crypto_subtle, by websocket',
  'taken.crypto.needed': 'bridge_only: missing_capability crypto_random, by websocket',
  'page.not_isolated.needed': 'bridge_only: prerequisite_missing cross_origin_isolation, by websocket',
  'page.isolated.needed': 'direct',
  'page.isolated.taken': 'bridge_only: missing_capability shared_array_buffer, by websocket',
  'page.insecure': 'direct',
  'page.insecure.needed': 'bridge_only: prerequisite_missing secure_context, by websocket',
  'page.wasm_forbidden': 'bridge_only: wasm_blocked, by websocket',
  'page.wasm_forbidden.needed': 'bridge_only: wasm_blocked, by websocket',
  'combined.webassembly.websocket': 'bridge_only: missing_capability webassembly, by fetch_streaming',
  'combined.webassembly.websocket.fetch_streaming': 'bridge_only: missing_capability webassembly, by long_polling',
  'combined.wasm_forbidden.websocket': 'bridge_only: wasm_blocked, by fetch_streaming',
  'combined.insecure.websocket': 'bridge_only: missing_capability websocket, by fetch_streaming',
  'combined.worker.crypto_subtle': 'direct',
}

describe('T0 browser_surface: what the contract asks of each trial', () => {
  test('the reference package in a window, trial by trial', () => {
    const told = TRIALS.filter(({ host_roles }) => host_roles.includes('window')).map((trial) => [trial.id, answerText(expectedAnswer(trial, 'window', REFERENCE, everything))])
    expect(Object.fromEntries(told)).toEqual(IN_A_WINDOW)
  })

  test('a role that is declined is the cause before all else; an insecure page has no service worker', () => {
    for (const trial of TRIALS) {
      const { cause, carrier } = expectedAnswer(trial, 'shared_worker', REFERENCE, everything)
      expect([cause, carrier], trial.id).toEqual([{ cause: 'subject_declines_host_role' }, trial.carrier])
    }
    expect(answerText(expectedAnswer(trialOf('page.insecure'), 'service_worker', REFERENCE, everything))).toBe('unsupported, realm_unavailable: prerequisite_missing secure_context')
  })

  test('a subject that needs nothing of what is taken stays direct; one that allows no bridge is refused', () => {
    for (const id of ['taken.webassembly', 'taken.websocket', 'combined.webassembly.websocket.fetch_streaming', 'page.wasm_forbidden']) {
      expect(expectedAnswer(trialOf(id), 'shared_worker', TIMERS_ONLY, everything), id).toMatchObject({ support_class: 'direct', verdict: 'parity' })
    }
    expect(answerText(expectedAnswer(trialOf('taken.worker.needed'), 'window', TIMERS_ONLY, everything))).toBe('unsupported, unsupported_runtime_context: missing_capability worker')
  })

  test('what is up to the engine is what the probe found; nothing else is', () => {
    expect(expectedAnswer(trialOf('page.isolated.needed'), 'window', REFERENCE, () => false)).toMatchObject({ cause: { cause: 'missing_capability', capability: 'shared_array_buffer' } })
    expect(expectedAnswer(trialOf('control.needed_and_there'), 'window', REFERENCE, () => false)).toMatchObject({ support_class: 'direct' })
  })
})

/** A realm in which a trial took away what it takes, and the engine has all else but some of what is up to it. */
function realmIn(trial: Trial, role: HostRole, lacks: readonly Capability[]): RealmProbe {
  const gone = new Set<string>([...trial.without.flatMap((name) => GOES_WITH[name]), ...Object.keys(WITHHELD_BY_PAGE[trial.page]), ...lacks])
  return RealmProbeSchema.parse({
    proven_role: role, proofs: [{ check: 'made up', holds: true }], global_scope: 'made up', secure_context: trial.page !== 'insecure', cross_origin_isolated: trial.page === 'isolated',
    user_agent: 'made up', wasm_blocked: trial.page === 'wasm_forbidden', clock_step_ms: 1, capabilities: Object.fromEntries(CAPABILITIES.map((name) => [name, !gone.has(name)])),
  })
}

const anySubject = fc.record({
  requires: fc.uniqueArray(fc.constantFrom(...CAPABILITIES), { maxLength: 6 }), host_roles: fc.uniqueArray(fc.constantFrom(...HOST_ROLES)), bridge: fc.boolean(),
}).map(subjectOf)

describe('T0 browser_surface: the oracle and the ladder, written apart, agree', () => {
  test('for any subject, any trial, any role and any engine', () => {
    fc.assert(fc.property(anySubject, fc.constantFrom(...TRIALS), fc.constantFrom(...HOST_ROLES), fc.uniqueArray(fc.constantFrom(...UP_TO_THE_ENGINE)), (subject, trial, role, lacks) => {
      const probe = NO_REALM[trial.page].includes(role) ? null : realmIn(trial, role, lacks)
      const given = climb({ realm: probe, wanted_role: role, subject, needs: trial.needs, page: pageFacts(trial.page), bridge: 'completed' })
      const { support_class, reason_code, cause }: DowngradeAnswer = expectedAnswer(trial, role, subject, (capability) => probe?.capabilities[capability] ?? null)
      expect(given).toMatchObject({ support_class, reason_code, cause })
    }), { numRuns: 2000 })
  })

  test('and so does what each trial\'s scenario expects of its own admission', () => {
    fc.assert(fc.property(anySubject, fc.constantFrom(...TRIALS), fc.constantFrom(...HOST_ROLES), fc.uniqueArray(fc.constantFrom(...UP_TO_THE_ENGINE)), (subject, trial, host_role, lacks) => {
      const probe = NO_REALM[trial.page].includes(host_role) ? null : realmIn(trial, host_role, lacks)
      const [scenario] = findScenarios(`downgrade.${trial.id}.timers`)
      const { support_class, reason_code } = expectedAnswer(trial, host_role, subject, (capability) => probe?.capabilities[capability] ?? null)
      expect(expectedAdmission(scenario!.expect.admission!, { host_role, subject, probe })).toMatchObject({ support_class, reason_code })
    }), { numRuns: 1000 })
  })
})

describe('T0 browser_surface: the trials\' scenarios', () => {
  test('two a trial, found by their own names and by no other glob', () => {
    expect(TRIAL_SCENARIOS).toHaveLength(2 * TRIALS.length)
    expect(new Set(TRIALS.map(({ id }) => id)).size).toBe(TRIALS.length)
    for (const glob of ['**', '*', '*.timers', 'browser.*']) expect(findScenarios(glob).filter(({ id }) => id.startsWith('downgrade.')), glob).toEqual([])
    expect(findScenarios('downgrade.taken.websocket.echo')).toMatchObject([{ without: ['WebSocket'], surface_family: 'browser_surface' }])
  })
})
