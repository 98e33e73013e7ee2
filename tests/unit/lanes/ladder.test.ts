import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { climb, hostFindings, type LadderInput } from '../../../lanes/ladder.js'
import { AdmissionSchema, RealmProbeSchema, SubjectDeclarationSchema, type RealmProbe, type SubjectDeclaration } from '../../../src/contract/host.js'
import { CAPABILITIES, HOST_ROLES, type Capability } from '../../../src/contract/vocabulary.js'

const probe = (change: Partial<RealmProbe> = {}, lacks: Capability[] = []): RealmProbe => RealmProbeSchema.parse({
  proven_role: 'dedicated_worker', proofs: [{ check: 'importScripts', holds: true }], global_scope: 'DedicatedWorkerGlobalScope', secure_context: true, cross_origin_isolated: true,
  user_agent: 'made up', wasm_blocked: false, clock_step_ms: 1, capabilities: Object.fromEntries(CAPABILITIES.map((name) => [name, !lacks.includes(name)])), ...change,
})
const subject = (change: Partial<SubjectDeclaration> = {}): SubjectDeclaration => SubjectDeclarationSchema.parse({
  name: 's', version: '1', requires: ['timers', 'webassembly'], host_roles: ['window', 'dedicated_worker'], bridge: true, classification: null, ...change,
})
const answer = (change: Partial<LadderInput>) => climb({ realm: probe(), wanted_role: 'dedicated_worker', subject: subject(), page: { secure_context: true, cross_origin_isolated: true }, bridge: 'not_tried', ...change })
const declines = { host_roles: ['window' as const] }

describe('T0 browser_surface: the ladder', () => {
  test('1. no realm, or a role that is not proven', () => {
    const unavailable = { support_class: 'unsupported', reason_code: 'realm_unavailable', route: 'none', cause: null }
    expect(answer({ realm: null })).toMatchObject(unavailable)
    expect(answer({ realm: probe({ proven_role: null }) })).toMatchObject(unavailable)
    expect(answer({ realm: probe({ proven_role: 'shared_worker' }) })).toMatchObject(unavailable)
  })
  test('2. taken, and all is there', () => expect(answer({ bridge: 'unreachable' })).toEqual({ support_class: 'direct', reason_code: 'admitted_direct', route: 'direct', cause: null, bridge_handshake: false }))
  test('3. a bridge is asked for first, and its handshake must succeed', () => {
    expect(answer({ subject: subject(declines) })).toEqual({ needs_bridge: true })
    expect(answer({ subject: subject(declines), bridge: 'completed' })).toEqual({
      support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', route: 'bridge', cause: { cause: 'subject_declines_host_role' }, bridge_handshake: true,
    })
  })
  test('4. the bridge cannot be reached', () => expect(answer({ subject: subject(declines), bridge: 'unreachable' })).toMatchObject({ support_class: 'unsupported', reason_code: 'bridge_unreachable', route: 'none', bridge_handshake: false }))
  test('5. no bridge is allowed', () => expect(answer({ subject: subject({ ...declines, bridge: false }), bridge: 'completed' })).toMatchObject({ support_class: 'unsupported', reason_code: 'unsupported_runtime_context', cause: { cause: 'subject_declines_host_role' } }))

  const causeOf = (change: Partial<LadderInput>): unknown => {
    const given = answer({ bridge: 'unreachable', ...change })
    return 'cause' in given ? given.cause : given
  }
  const requires = (...names: Capability[]) => ({ subject: subject({ requires: names }) })
  test('causes: the subject\'s refusal first, then the first thing that is missing', () => {
    expect(causeOf({ subject: subject(declines), realm: probe({}, ['timers']) })).toEqual({ cause: 'subject_declines_host_role' })
    expect(causeOf({ ...requires('timers', 'jspi', 'opfs'), realm: probe({}, ['opfs', 'jspi']) })).toEqual({ cause: 'missing_capability', capability: 'jspi' })
  })
  test('causes: WebAssembly that a policy forbids is not WebAssembly that is missing', () => {
    expect(causeOf({ realm: probe({ wasm_blocked: true }, ['webassembly']) })).toEqual({ cause: 'wasm_blocked' })
    expect(causeOf({ realm: probe({}, ['webassembly']) })).toEqual({ cause: 'missing_capability', capability: 'webassembly' })
  })
  test('causes: what the page lacks is a prerequisite, what the engine lacks is a capability', () => {
    const bare = { secure_context: false, cross_origin_isolated: false }
    const without = (capability: Capability) => ({ ...requires(capability), realm: probe({}, [capability]) })
    expect(causeOf({ ...without('shared_array_buffer'), page: bare })).toEqual({ cause: 'prerequisite_missing', prerequisite: 'cross_origin_isolation' })
    expect(causeOf(without('shared_array_buffer'))).toEqual({ cause: 'missing_capability', capability: 'shared_array_buffer' })
    expect(causeOf({ ...without('crypto_subtle'), page: bare })).toEqual({ cause: 'prerequisite_missing', prerequisite: 'secure_context' })
    expect(causeOf(without('crypto_subtle'))).toEqual({ cause: 'missing_capability', capability: 'crypto_subtle' })
  })
  test('causes: of each capability, on a page that is not a secure context', () => {
    const hidden = ['crypto_subtle', 'opfs', 'webtransport', 'websocket_stream']
    for (const capability of CAPABILITIES) {
      const cause = causeOf({ ...requires(capability), realm: probe({}, [capability]), page: { secure_context: false, cross_origin_isolated: true } })
      expect([capability, cause]).toEqual([capability, hidden.includes(capability) ? { cause: 'prerequisite_missing', prerequisite: 'secure_context' } : { cause: 'missing_capability', capability }])
    }
  })
  test('causes: a policy against WebAssembly takes away WebAssembly and nothing else', () => {
    expect(causeOf({ ...requires('timers'), realm: probe({ wasm_blocked: true }, ['timers', 'webassembly']) })).toEqual({ cause: 'missing_capability', capability: 'timers' })
  })
  test('law: eligibility before capability: while the page withholds anything that is asked for, no engine is blamed', () => {
    const bare = { secure_context: false, cross_origin_isolated: false }
    const withheld: readonly Capability[] = ['shared_array_buffer', 'crypto_subtle', 'opfs', 'webtransport', 'websocket_stream']
    const wanted = fc.shuffledSubarray([...CAPABILITIES])
    fc.assert(fc.property(wanted, wanted, fc.subarray([...CAPABILITIES]), (requires, needs, lacks) => {
      const given = climb({ realm: probe({}, lacks), wanted_role: 'dedicated_worker', subject: subject({ requires }), needs, page: bare, bridge: 'completed' })
      if ('needs_bridge' in given) throw new Error('the bridge was tried')
      const missing = [...requires, ...needs].filter((capability) => lacks.includes(capability))
      const blame = missing.length === 0 ? null : missing.some((capability) => withheld.includes(capability)) ? 'prerequisite_missing' : 'missing_capability'
      expect(given.cause?.cause ?? null).toBe(blame)
    }), { numRuns: 300 })
  })
  test('a service worker that an insecure page cannot have: no realm, and the page is why; a realm lost for another reason has no cause', () => {
    const lost = { realm: null, subject: subject(), bridge: 'not_tried' } as const
    expect(climb({ ...lost, wanted_role: 'service_worker', page: { secure_context: false, cross_origin_isolated: false } })).toMatchObject({ reason_code: 'realm_unavailable', cause: { cause: 'prerequisite_missing', prerequisite: 'secure_context' } })
    expect(climb({ ...lost, wanted_role: 'service_worker', page: { secure_context: true, cross_origin_isolated: false } })).toMatchObject({ reason_code: 'realm_unavailable', cause: null })
    expect(climb({ ...lost, realm: probe({ proven_role: null }), wanted_role: 'service_worker', page: { secure_context: false, cross_origin_isolated: false } })).toMatchObject({ reason_code: 'realm_unavailable', cause: null })
    expect(climb({ ...lost, wanted_role: 'shared_worker', page: { secure_context: false, cross_origin_isolated: false } })).toMatchObject({ reason_code: 'realm_unavailable', cause: null })
  })
  test('law: every answer parses, direct needs nothing to be missing, and nothing but a handshake gives bridge_only', () => {
    const roles = fc.constantFrom(...HOST_ROLES)
    fc.assert(fc.property(fc.option(roles), roles, fc.subarray([...HOST_ROLES]), fc.subarray([...CAPABILITIES]), fc.subarray([...CAPABILITIES]), fc.boolean(), fc.boolean(), fc.constantFrom('not_tried', 'completed', 'unreachable'),
      (proven_role, wanted_role, host_roles, requires, lacks, bridge, isolated, tried) => {
        const given = climb({ realm: probe({ proven_role }, lacks), wanted_role, subject: subject({ host_roles, requires, bridge }), page: { secure_context: true, cross_origin_isolated: isolated }, bridge: tried })
        if ('needs_bridge' in given) return void expect([bridge, tried]).toEqual([true, 'not_tried'])
        expect(AdmissionSchema.safeParse(given).success).toBe(true)
        const all = host_roles.includes(wanted_role) && requires.every((capability) => !lacks.includes(capability)) && proven_role === wanted_role
        expect(given.support_class === 'direct').toBe(all)
        if (given.support_class === 'bridge_only') expect([bridge, tried]).toEqual([true, 'completed'])
      }), { numRuns: 300 })
  })
})

describe('T0 browser_surface: what a subject says of its host', () => {
  const said = (host_role: 'window' | 'dedicated_worker' | 'server' | 'service_worker', supported: boolean, more: Partial<SubjectDeclaration> = {}) => subject({ classification: { host_role, supported }, ...more })
  test('nothing said, or rightly said, is no finding', () => {
    expect(hostFindings(subject(), probe())).toEqual([])
    expect(hostFindings(said('dedicated_worker', true), probe())).toEqual([])
    expect(hostFindings(said('service_worker', false), probe({ proven_role: 'service_worker' }))).toEqual([])
  })
  test('another role, or another opinion than the probe allows, is one', () => {
    expect(hostFindings(said('server', true), probe())).toEqual(['the subject calls its host server; the probe proved dedicated_worker'])
    expect(hostFindings(said('dedicated_worker', false), probe())).toHaveLength(1)
    expect(hostFindings(said('dedicated_worker', true), probe({}, ['webassembly']))).toEqual(['the subject calls its host supported; the realm lacks webassembly'])
    expect(hostFindings(said('service_worker', true), probe({ proven_role: 'service_worker' }))).toEqual(['the subject calls its host supported; it does not list service_worker among its host roles'])
  })
  test('a role that was not proven is in nobody\'s list', () => {
    const nowhere = probe({ proven_role: null })
    expect(hostFindings(said('dedicated_worker', true), nowhere)).toEqual(['the subject calls its host dedicated_worker; the probe proved no role', 'the subject calls its host supported; it does not list an unproven role among its host roles'])
    expect(hostFindings(said('dedicated_worker', false), nowhere)).toEqual(['the subject calls its host dedicated_worker; the probe proved no role'])
  })
  test('all that is missing is named; a subject that declines for want of it is right', () => {
    expect(hostFindings(said('dedicated_worker', true), probe({}, ['timers', 'webassembly']))).toEqual(['the subject calls its host supported; the realm lacks timers, webassembly'])
    expect(hostFindings(said('dedicated_worker', false), probe({}, ['timers']))).toEqual([])
    expect(hostFindings(said('dedicated_worker', false), probe())).toEqual(['the subject calls its host unsupported; it lists the role, and all it requires is there'])
  })
})
