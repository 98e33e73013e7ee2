import { describe, expect, test } from 'vitest'
import { CaptureManifestSchema } from '../../../src/contract/evidence.js'
import type { NormalizedRecord, ObservedField } from '../../../src/contract/record.js'
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
  test('every session must be in both logs, over the artifact named for it', () => {
    const side = (tracer: Tracer, one: 'realm' | 'server', sessions: Array<[string, string | null]>): Tracer => sessions.reduce((all, [session, artifact]) => all.bridge(one, 'bridge.accepted', session, artifact), tracer)
    const logs = (realm: Array<[string, string | null]>, server: Array<[string, string | null]>): boolean | null => of(side(side(trace(), 'realm', realm), 'server', server))
    expect(logs([['a', ARTIFACT], ['b', OTHER]], [['a', ARTIFACT], ['b', OTHER]])).toBe(true)
    expect(logs([['a', ARTIFACT]], [['a', ARTIFACT], ['b', ARTIFACT]])).toBe(false)
    expect(logs([['a', ARTIFACT], ['b', ARTIFACT]], [['a', ARTIFACT]])).toBe(false)
    expect(logs([['a', ARTIFACT], ['b', ARTIFACT]], [['a', ARTIFACT], ['c', ARTIFACT]])).toBe(false)
    expect(logs([['a', ARTIFACT], ['b', OTHER]], [['a', ARTIFACT], ['b', ARTIFACT]])).toBe(false)
    expect(logs([['b', OTHER], ['a', ARTIFACT]], [['a', ARTIFACT], ['b', OTHER]])).toBe(true)
  })
  test('a side that names no artifact contradicts none; its first word for a session is kept', () => {
    const accepted = (realm: string | null, server: string | null): boolean | null => of(trace().bridge('realm', 'bridge.accepted', 's', realm).bridge('server', 'bridge.accepted', 's', server))
    expect([accepted(null, ARTIFACT), accepted(ARTIFACT, null), accepted(null, null), accepted(OTHER, ARTIFACT)]).toEqual([true, true, true, false])
    expect(of(trace().bridge('realm', 'bridge.offered', 's', null).bridge('realm', 'bridge.accepted', 's', ARTIFACT).bridge('realm', 'bridge.run', 's', OTHER).bridge('server', 'bridge.accepted', 's', ARTIFACT))).toBe(true)
    expect(of(trace().bridge('realm', 'bridge.offered', 's', null).bridge('realm', 'bridge.accepted', 's', OTHER).bridge('server', 'bridge.accepted', 's', ARTIFACT))).toBe(false)
    expect(of(trace().bridge('realm', 'bridge.offered', 'other', OTHER).bridge('realm', 'bridge.accepted', 's', ARTIFACT).bridge('server', 'bridge.accepted', 's', ARTIFACT))).toBe(true)
  })
  test('a refusal by either side', () => {
    expect(of(both().bridge('realm', 'bridge.refused', '', null))).toBe(false)
    expect(of(both().bridge('server', 'bridge.finished', 's1', ARTIFACT).bridge('realm', 'bridge.closed', 's1', ARTIFACT))).toBe(true)
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
  test('whichever attempt is the worst, and with its own witnesses', () => {
    const classes = (tracers: Tracer[]) => manifest(tracers).fields.map(({ field, class: how, witnesses }) => `${field} ${how} ${witnesses.join()}`)
    const [good, weak] = [channelTrace(), channelTrace({ peer: false })]
    const none = { ...good, events: [] }
    expect(classes([weak, good])).toEqual(classes([weak]))
    expect(classes([good, weak])).toEqual(classes([weak]))
    expect(classes([weak, none, good])).toEqual(classes([none]))
    expect(classes([good, good])).toEqual(classes([good]))
    expect(manifest([]).fields).toEqual([])
    expect(manifest([]).unsupported_fields).toEqual([])
  })
  test('by its name: attempts have not all the same fields', () => {
    const record = recordOf(channelScenario(), channelTrace())
    const field = (name: ObservedField, how: 'observed' | 'inferred' | 'unsupported', witness: 'subject' | 'page'): NormalizedRecord['observability'][number] => ({ field: name, class: how, witnesses: [witness], required: true })
    const [stopped, cleanup, outside] = [field('call_stopped', 'inferred', 'subject'), field('cleanup', 'observed', 'page'), field('outside', 'observed', 'page')]
    const bad = field('outside', 'unsupported', 'subject')
    const made = (...each: Array<NormalizedRecord['observability']>) => captureManifest({
      scenario: channelScenario(), lane_id: 'firefox.window.direct', virtualization_boundary: 'loopback', capture_sha256: ARTIFACT, events: [], records: each.map((observability) => ({ ...record, observability })),
    })
    expect(made([stopped, cleanup, outside], [cleanup, bad]).fields).toEqual([stopped, cleanup, bad])
    expect(made([cleanup, bad], [stopped, cleanup, outside]).fields).toEqual([cleanup, bad, stopped])
    expect(made([cleanup, outside], [cleanup, bad, stopped])).toMatchObject({ observability_status: 'below_floor', unsupported_fields: ['outside'] })
    expect(made([cleanup], [field('cleanup', 'observed', 'subject')]).fields).toEqual([cleanup])
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
