import { describe, expect, it } from 'vitest'
import { bundlePaths } from '../../../src/run/bundle-paths.js'
import { cellEvidence } from '../../../src/run/cell-evidence.js'
import { liveAttempt, withFailure } from '../../../src/run/live-attempt.js'
import { BRIDGED, channelScenario, channelTrace, deadlineScenario, deadlineTrace } from '../judge/traces.js'
import { packetOf, resultOf, seenCell } from './support.js'

const paths = bundlePaths('chromium.window.direct', 'timer.deadline.met')

describe('T0 timer_surface: an attempt as a record', () => {
  it('is of the live clock and completed when it ended so', () => {
    const { attempt, route, record } = liveAttempt(deadlineScenario(), 2, 'bridge', resultOf({ events: deadlineTrace().events }))
    expect([attempt, route, record.clock_source, record.semantic.outcome]).toEqual([2, 'bridge', 'performance_now', 'completed'])
  })

  it('a limit that ran out first is the outcome stalled', () => {
    expect(liveAttempt(deadlineScenario(), 1, 'direct', resultOf({ events: deadlineTrace().events, end: { type: 'done', stalled: true } })).record.semantic.outcome).toBe('stalled')
  })

  it('a failed start becomes the subject\'s own error, after all that was seen', () => {
    const events = deadlineTrace().events.slice(0, 2)
    const end = { type: 'failed', code: 'subject_never_starts', message: 'too long' } as const
    expect(withFailure(resultOf({ events, end }))).toEqual([...events, { witness: 'subject', kind: 'subject.threw', id: 'subject_never_starts', name: 'subject_never_starts', message: 'too long', trap: false, seq: 2, ticks: 0, ms: 0 }])
    expect(liveAttempt(deadlineScenario(), 1, 'direct', resultOf({ events, end })).record.semantic.outcome).toBe('subject_error')
    expect(withFailure(resultOf({ events }))).toBe(events)
  })
})

describe('T0 virtual_transport_surface: what the judge is given of a cell', () => {
  it('paths only where something was kept', () => {
    expect(cellEvidence(seenCell(), paths)).toMatchObject({ capture_manifest_path: paths.capture_manifest_path, normalized_record_path: paths.normalized_record_path })
    expect(cellEvidence(seenCell({ attempts: [] }), paths)).toMatchObject({ capture_manifest_path: null, normalized_record_path: null })
  })

  it('the probe of each realm that ran, and apart those of the attempts: a loss is none', () => {
    const results = [resultOf({ probe: null, infrastructure: { what: 'engine_crashed', detail: 'gone' } }), resultOf()]
    expect(cellEvidence(seenCell({ results }), paths)).toMatchObject({ probes: [null, resultOf().probe], ran_in: { host_role: 'window', probes: [resultOf().probe] } })
  })

  it('no packet: the realm could not be had', () => {
    expect(cellEvidence(seenCell({ packet: null, lab: null }), paths)).toMatchObject({ lab: null, admission: { reason_code: 'realm_unavailable', route: 'none' } })
  })

  it('bridge logs and peers are judged over all attempts', () => {
    const logs = deadlineTrace().bridge('realm', 'bridge.accepted', 's', null).events
    expect(cellEvidence(seenCell(), paths).bridge_logs_agree).toBeNull()
    const packet = packetOf({ admission: BRIDGED })
    expect(cellEvidence(seenCell({ packet, results: [resultOf({ events: logs }), resultOf()] }), paths)).toMatchObject({ bridge_logs_agree: false, bridge_disagreement: expect.stringContaining('steps: the realm has accepted, the server nothing') as string })
    expect(cellEvidence(seenCell({ packet, results: [] }), paths).bridge_logs_agree).toBeNull()
    const scenario = channelScenario()
    expect(cellEvidence(seenCell({ scenario, results: [resultOf({ events: channelTrace().events })] }), paths).peers_from_model).toBe(true)
    expect(cellEvidence(seenCell({ results: [resultOf({ events: channelTrace().events })] }), paths).peers_from_model).toBe(false)
  })
})
