import { describe, expect, it } from 'vitest'
import { HostPacketSchema } from '../../../src/contract/host.js'
import type { HostRole } from '../../../src/contract/vocabulary.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { admit, type ProbeRealm } from '../../../src/run/admit.js'
import type { AttemptResult } from '../../../src/run/attempt.js'
import { IDENTITY, SHA, SUBJECT, probeOf, resultOf } from './support.js'

/** The bridge's logs of both sides, for these sessions. */
const logs = (realm: string, server: string): TraceEvent[] => (['offered', 'accepted'] as const).flatMap((what) => [['realm', realm], ['server', server]].map(([side, session]) => ({
  witness: 'bridge', kind: `bridge.${what}`, id: 'bridge', side, session, artifact_sha256: SHA, seq: 0, ticks: 0, ms: 0,
} as TraceEvent)))

/** A realm of this role, and what trying the bridge from it gives. */
function probing(seen: Partial<AttemptResult>, tried: Partial<AttemptResult> = {}) {
  const asked: string[] = []
  const probeRealm: ProbeRealm = ({ role }, what) => {
    asked.push(`${role} ${what}`)
    return Promise.resolve(resultOf(what === 'hello_only' ? { end: null, ...seen } : tried))
  }
  return { asked, probeRealm }
}
const packetOf = async (role: HostRole, { probeRealm }: ReturnType<typeof probing>, subject = SUBJECT) => HostPacketSchema.parse(await admit(IDENTITY, { role, subject, page: 'plain', needs: [] }, probeRealm))

describe('T0 browser_surface: admission of a role', () => {
  it('a role that the subject takes, proven: direct, and the bridge is left alone', async () => {
    const probe = probing({ probe: probeOf('window') })
    expect(await packetOf('window', probe)).toMatchObject({ lane_id: 'chromium.window.direct', support_class: 'direct', reason_code: 'admitted_direct', engine_version: '1.0', findings: [] })
    expect(probe.asked).toEqual(['window hello_only'])
  })

  it('a role that the subject declines: bridge_only, by a handshake that both sides logged', async () => {
    const probe = probing({ probe: probeOf('service_worker') }, { events: logs('s1', 's1') })
    expect(await packetOf('service_worker', probe)).toMatchObject({
      lane_id: 'chromium.service_worker.bridge', support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', admission: { cause: { cause: 'subject_declines_host_role' }, bridge_handshake: true },
    })
    expect(probe.asked).toEqual(['service_worker hello_only', 'service_worker probe_bridge'])
  })

  it.each([
    ['that nobody logged', { events: [] }],
    ['that only the realm logged', { events: logs('s1', 's1').filter((event) => 'side' in event && event.side === 'realm') }],
    ['of which each side logged another session', { events: logs('s1', 's2') }],
    ['that failed', { events: logs('s1', 's1'), end: { type: 'failed', code: 'bridge_unreachable', message: 'no' } as const }],
    ['whose realm was lost', { events: logs('s1', 's1'), end: null }],
  ])('a handshake %s is none: unsupported, bridge_unreachable', async (_, tried) => {
    expect(await packetOf('shared_worker', probing({ probe: probeOf('shared_worker') }, tried))).toMatchObject({
      lane_id: 'chromium.shared_worker.none', support_class: 'unsupported', reason_code: 'bridge_unreachable', admission: { bridge_handshake: false },
    })
  })

  it('a realm that could not be had says why, and the subject is the one that was asked for', async () => {
    const probe = probing({ probe: null, subject: null, infrastructure: { what: 'realm_not_started', detail: 'no hello' } })
    expect(await packetOf('window', probe)).toMatchObject({ lane_id: 'chromium.window.none', reason_code: 'realm_unavailable', probe: null, subject: SUBJECT, findings: ['the realm could not be had: no hello'] })
  })

  it('a module that fails in the realm, and did not in the lab, says how', async () => {
    const probe = probing({ probe: null, subject: null, end: { type: 'failed', code: 'subject_throws', message: 'ReferenceError: window is not defined' } })
    expect(await packetOf('dedicated_worker', probe)).toMatchObject({ reason_code: 'realm_unavailable', findings: ['the realm could not be had: its module failed there, ReferenceError: window is not defined'] })
  })

  it('a role that is not proven is unavailable, whatever it was asked to be', async () => {
    expect(await packetOf('window', probing({ probe: probeOf(null) }))).toMatchObject({ support_class: 'unsupported', reason_code: 'realm_unavailable' })
    expect(await packetOf('window', probing({ probe: probeOf('dedicated_worker') }))).toMatchObject({ support_class: 'unsupported', reason_code: 'realm_unavailable' })
  })

  it('what the subject says of its host in that realm is checked there', async () => {
    const subject = { ...SUBJECT, classification: { host_role: 'server' as const, supported: true } }
    const { findings } = await packetOf('window', probing({ probe: probeOf('window'), subject }))
    expect(findings).toEqual(['the subject calls its host server; the probe proved window'])
  })
})
