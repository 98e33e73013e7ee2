import { describe, expect, test } from 'vitest'
import { CaptureManifestSchema } from '../../../src/contract/evidence.js'
import { bridgeLogsAgree, captureManifest, peersFromModel } from '../../../src/judge/capture-facts.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, recordOf, trace, type Tracer } from './traces.js'

const [ARTIFACT, OTHER] = ['a'.repeat(64), 'b'.repeat(64)]

describe('T0 browser_surface: a handshake that both sides logged', () => {
  const both = (): Tracer => trace().bridge('realm', 'bridge.offered', '', null).bridge('server', 'bridge.offered', 's1', ARTIFACT).bridge('server', 'bridge.accepted', 's1', ARTIFACT).bridge('realm', 'bridge.accepted', 's1', ARTIFACT)
  const of = (tracer: Tracer): boolean | null => bridgeLogsAgree(tracer.events)
  test('both, over one artifact', () => expect(of(both())).toBe(true))
  test('no bridge at all', () => expect(of(deadlineTrace())).toBeNull())
  test('one side alone', () => {
    expect(of(trace().bridge('realm', 'bridge.accepted', 's1', ARTIFACT))).toBe(false)
    expect(of(trace().bridge('server', 'bridge.accepted', 's1', ARTIFACT))).toBe(false)
    expect(of(trace().bridge('server', 'bridge.offered', 's1', ARTIFACT).bridge('realm', 'bridge.offered', 's1', ARTIFACT))).toBe(false)
  })
  test('different sessions, artifacts or a refusal', () => {
    expect(of(trace().bridge('realm', 'bridge.accepted', 's1', ARTIFACT).bridge('server', 'bridge.accepted', 's2', ARTIFACT))).toBe(false)
    expect(of(trace().bridge('realm', 'bridge.accepted', 's1', ARTIFACT).bridge('server', 'bridge.accepted', 's1', OTHER))).toBe(false)
    expect(of(both().bridge('server', 'bridge.refused', 's1', ARTIFACT))).toBe(false)
  })
})

describe('T0 virtual_transport_surface: capture manifest', () => {
  const manifest = (tracers: Tracer[]) => captureManifest({
    scenario: channelScenario(), lane_id: 'firefox.window.direct', virtualization_boundary: 'loopback', capture_sha256: ARTIFACT,
    events: tracers.flatMap(({ events }) => events), records: tracers.map((tracer) => recordOf(channelScenario(), tracer)),
  })
  test('counts by witness, and parses', () => {
    const made = manifest([channelTrace()])
    expect(CaptureManifestSchema.parse(made)).toEqual(made)
    expect(made).toMatchObject({ events: { peer: 5, bridge: 0, proxy: 0 }, observability_status: 'met' })
  })
  test('a field is as well observed as in its worst attempt', () => {
    const made = manifest([channelTrace(), channelTrace({ peer: false })])
    expect(made.observability_status).toBe('below_floor')
    expect(made.fields.find(({ field }) => field === 'channel_close')?.class).toBe('inferred')
  })
  test('unsupported fields are kept explicitly', () => {
    const page = channelTrace()
    const bare = { ...page, events: page.events.filter(({ witness }) => witness === 'peer') }
    expect(manifest([bare]).unsupported_fields).toEqual(expect.arrayContaining(['outcome', 'cleanup', 'outside']))
    expect(manifest([]).observability_status).toBe('manifest_missing')
  })
  test('peers must be of the model', () => {
    expect(peersFromModel(channelScenario(), channelTrace().events)).toBe(true)
    expect(peersFromModel(deadlineScenario(), channelTrace().events)).toBe(false)
  })
})
