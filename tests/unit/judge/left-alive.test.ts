import { describe, expect, test } from 'vitest'
import type { LeftAlive } from '../../../src/contract/trace.js'
import { agreementFindings } from '../../../src/judge/compare-agreement.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { judge } from '../../../src/judge/judge.js'
import { evidenceOf, recordOf, scenarioOf, trace, type Tracer } from './traces.js'

const scenario = scenarioOf({})
const one = (what: LeftAlive['what'], call: string, ...stack: string[]): LeftAlive => ({ what, id: '1', call, stack })
const alive = (left: LeftAlive[], ids: { timers?: string[] } = {}): Tracer => trace().subject('mark', 'm').end({ ...ids, ...(left.length === 0 ? {} : { left }) })
const broken = (tracer: Tracer): string[] => hardBreaks(scenario, recordOf(scenario, tracer), 1).map(({ severity, law, field, expected, found }) => `${severity} ${law} ${field}: ${expected} | ${found}`)

describe('T0 every row: what was left alive, by name', () => {
  test('each kind that has no list of its own is counted, and none that is not there', () => {
    const left = [one('listener', 'a'), one('listener', 'b'), one('worker', 'c'), one('message_port', 'd'), one('broadcast_channel', 'e'), one('timer', 'f')]
    expect(recordOf(scenario, alive(left, { timers: ['1'] })).semantic.cleanup).toEqual({ timers: 1, channels: 0, requests: 0, streams: 0, listeners: 2, workers: 1, message_ports: 1, broadcast_channels: 1 })
    expect(Object.keys(recordOf(scenario, alive([one('worker', 'c')])).semantic.cleanup!)).toEqual(['timers', 'channels', 'requests', 'streams', 'workers'])
    expect(Object.keys(recordOf(scenario, alive([])).semantic.cleanup!)).toEqual(['timers', 'channels', 'requests', 'streams'])
  })
  test('the calls that made it are provenance, the last word of the recorder, and left out where it named none', () => {
    const left = [one('timer', 'setTimeout', 'poll (src/poll.ts:12)')]
    expect(recordOf(scenario, alive(left, { timers: ['1'] })).provenance.left).toEqual(left)
    expect(recordOf(scenario, trace().end({ left: [one('worker', 'new Worker')] }).page('host.alive', 'realm', { timers: [], sockets: [], requests: [], streams: [], left })).provenance.left).toEqual(left)
    expect('left' in recordOf(scenario, alive([])).provenance).toBe(false)
  })
  test('a finding names the call and the frame it came from; it needs neither', () => {
    expect(broken(alive([one('timer', 'setTimeout', 'poll (src/poll.ts:12)', 'start (src/poll.ts:3)')], { timers: ['1'] }))).toEqual(['hard leak cleanup.timers: 0 | 1: setTimeout, poll (src/poll.ts:12)'])
    expect(broken(alive([one('worker', 'new Worker')]))).toEqual(['hard leak cleanup.workers: 0 | 1: new Worker'])
    expect(broken(alive([], { timers: ['1', '2'] }))).toEqual(['hard leak cleanup.timers: 0 | 2'])
  })
  test('of many of a kind, the first three; each kind its own', () => {
    const listeners = ['a', 'b', 'c', 'd'].map((name) => one('listener', name, `${name} (x.js:1)`))
    expect(broken(alive([...listeners, one('message_port', 'p', 'q (x.js:2)')]))).toEqual([
      'hard leak cleanup.listeners: 0 | 4: a, a (x.js:1); b, b (x.js:1); c, c (x.js:1); …', 'hard leak cleanup.message_ports: 0 | 1: p, q (x.js:2)',
    ])
    expect(broken(alive(listeners.slice(0, 3)))).toEqual(['hard leak cleanup.listeners: 0 | 3: a, a (x.js:1); b, b (x.js:1); c, c (x.js:1)'])
  })
  test('stacks are never compared: the same leak in lab and live is one mismatch, and no disagreement', () => {
    const [lab, live] = [alive([one('listener', 'a', 'here (x.js:1)')]), alive([one('listener', 'a', 'there@x.js')])]
    expect(agreementFindings(scenario, recordOf(scenario, lab, 'lab'), recordOf(scenario, live), 1)).toEqual([])
    expect(recordOf(scenario, lab).semantic_digest).toBe(recordOf(scenario, live).semantic_digest)
    const judged = judge(evidenceOf(scenario, lab, [live]))
    expect(judged).toMatchObject({ verdict: 'semantic_mismatch', eligibility_verdict: 'eligible', rerun_decision: 'no_rerun_hard_break' })
    expect(judged.findings.map(({ law, attempt, found }) => [law, attempt, found])).toEqual([['leak', 0, '1: a, here (x.js:1)'], ['leak', 1, '1: a, there@x.js']])
  })
  test('what the live run alone left is one', () => {
    expect(judge(evidenceOf(scenario, alive([]), [alive([one('broadcast_channel', 'new BroadcastChannel')])]))).toMatchObject({ verdict: 'semantic_mismatch', reason: 'live: cleanup.broadcast_channels expected 0, found 1: new BroadcastChannel' })
  })
})
