import { describe, expect, it } from 'vitest'
import { AdmissionSchema, CauseDetailSchema, EngineIdentitySchema, HostPacketSchema, RealmProbeSchema, SubjectDeclarationSchema, admissionAgrees } from '../../../src/contract/host.js'
import { CAPABILITIES, REASON_CODES, ROUTES, SUPPORT_CLASSES } from '../../../src/contract/vocabulary.js'
import { BRIDGED, DIRECT, REFUSED } from '../judge/traces.js'
import { IDENTITY, SUBJECT, packetOf, probeOf } from '../run/support.js'

const refusedAt = (value: unknown): string[] | null => {
  const parsed = AdmissionSchema.safeParse(value)
  return parsed.success ? null : parsed.error.issues.map(({ path }) => path.join('.'))
}
const UNAVAILABLE = { ...REFUSED, reason_code: 'realm_unavailable', cause: null }

describe('T0 browser_surface: what an admission may say', () => {
  it.each([
    ['direct', DIRECT], ['bridge_only', BRIDGED], ['unsupported', REFUSED], ['bridge_unreachable', { ...REFUSED, reason_code: 'bridge_unreachable' }], ['realm_unavailable', UNAVAILABLE],
  ])('%s stands', (_, admission) => {
    expect(refusedAt(admission)).toBeNull()
  })

  it('of all combinations of support, reason and route, just five agree', () => {
    const agree = SUPPORT_CLASSES.flatMap((support) => REASON_CODES.flatMap((reason) => ROUTES.filter((route) => admissionAgrees(support, reason, route)).map((route) => `${support} ${reason} ${route}`)))
    expect(agree.sort()).toEqual([
      'bridge_only downgrade_to_server_bridge bridge', 'direct admitted_direct direct', 'unsupported bridge_unreachable none', 'unsupported realm_unavailable none', 'unsupported unsupported_runtime_context none',
    ])
    for (const support of SUPPORT_CLASSES) {
      for (const reason of REASON_CODES) for (const route of ROUTES) {
        if (agree.includes(`${support} ${reason} ${route}`)) continue
        for (const whole of [DIRECT, BRIDGED, REFUSED]) expect(refusedAt({ ...whole, support_class: support, reason_code: reason, route })).toContain('')
      }
    }
  })

  it('bridge_only with unsupported_runtime_context is a contradiction', () => {
    expect(refusedAt({ ...BRIDGED, reason_code: 'unsupported_runtime_context' })).toEqual([''])
  })

  it('bridge_only without a handshake that both sides logged is refused', () => {
    expect(refusedAt({ ...BRIDGED, bridge_handshake: false })).toEqual(['bridge_handshake'])
  })

  it('a non-direct answer needs its cause; a direct one and a realm that could not be had have none', () => {
    expect(refusedAt({ ...BRIDGED, cause: null })).toEqual(['cause'])
    expect(refusedAt({ ...REFUSED, cause: null })).toEqual(['cause'])
    expect(refusedAt({ ...DIRECT, cause: REFUSED.cause })).toEqual(['cause'])
    expect(refusedAt({ ...UNAVAILABLE, cause: REFUSED.cause })).toEqual(['cause'])
  })

  it('no field is missing, none is added', () => {
    for (const field of Object.keys(DIRECT)) expect(refusedAt(Object.fromEntries(Object.entries(DIRECT).filter(([name]) => name !== field))), field).not.toBeNull()
    expect(refusedAt({ ...DIRECT, note: 'mostly' })).not.toBeNull()
  })

  it.each([
    { cause: 'missing_capability' }, { cause: 'missing_capability', capability: 'gpu' }, { cause: 'prerequisite_missing', prerequisite: 'luck' }, { cause: 'wasm_blocked', capability: 'webassembly' }, { cause: 'bad_mood' },
  ])('%j is no cause: it names what it is about, from the closed lists', (cause) => {
    expect(CauseDetailSchema.safeParse(cause).success).toBe(false)
    expect(CauseDetailSchema.safeParse({ cause: 'missing_capability', capability: 'webassembly' }).success).toBe(true)
  })
})

describe('T0 browser_surface: what a host packet may hold', () => {
  it('a whole packet parses; one whose admission contradicts itself does not', () => {
    expect(HostPacketSchema.safeParse(packetOf()).success).toBe(true)
    expect(HostPacketSchema.safeParse(packetOf({ admission: { ...DIRECT, route: 'bridge' } })).success).toBe(false)
  })

  it.each(['host_role', 'support_class', 'reason_code', 'lane_id', 'engine_product', 'engine_version', 'driver', 'os', 'probe', 'findings'])('one without %s does not load', (field) => {
    expect(HostPacketSchema.safeParse(Object.fromEntries(Object.entries(packetOf()).filter(([name]) => name !== field))).success).toBe(false)
  })

  it('a probe answers for every capability, and for no other', () => {
    const { capabilities, ...probe } = probeOf('window')
    for (const name of CAPABILITIES) expect(RealmProbeSchema.safeParse({ ...probe, capabilities: { ...capabilities, [name]: undefined } }).success, name).toBe(false)
    expect(RealmProbeSchema.safeParse({ ...probe, capabilities: { ...capabilities, gpu: true } }).success).toBe(false)
    expect(RealmProbeSchema.safeParse({ ...probe, capabilities, proofs: [] }).success).toBe(false)
    expect(RealmProbeSchema.safeParse({ ...probe, capabilities, proven_role: 'server' }).success).toBe(false)
  })

  it('an engine is a known product, with a version', () => {
    expect(EngineIdentitySchema.safeParse({ ...IDENTITY, engine_product: 'safari' }).success).toBe(false)
    expect(EngineIdentitySchema.safeParse({ ...IDENTITY, engine_version: '' }).success).toBe(false)
  })

  it('a subject takes known roles and requires known capabilities; it may call its host a server', () => {
    expect(SubjectDeclarationSchema.safeParse({ ...SUBJECT, classification: { host_role: 'server', supported: true } }).success).toBe(true)
    expect(SubjectDeclarationSchema.safeParse({ ...SUBJECT, host_roles: ['server'] }).success).toBe(false)
    expect(SubjectDeclarationSchema.safeParse({ ...SUBJECT, requires: ['luck'] }).success).toBe(false)
    expect(SubjectDeclarationSchema.safeParse({ ...SUBJECT, name: '' }).success).toBe(false)
  })
})
