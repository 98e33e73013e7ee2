import { describe, expect, it } from 'vitest'
import type { SubjectEvent } from '../../../../src/contract/trace.js'
import { agreementFindings } from '../../../../src/judge/compare-agreement.js'
import { judge } from '../../../../src/judge/judge.js'
import { traceView } from '../../../../src/judge/trace-view.js'
import { summarizeJson } from '../../../../src/contract/summary.js'
import type { Step } from '../../../../src/report/html/embedded.js'
import { eventText } from '../../../../src/report/html/event-text.js'
import { stepsOf } from '../../../../src/report/html/steps.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, evidenceOf, recordOf, scenarioOf, text, trace, type Tracer } from '../../judge/traces.js'
import type { Scenario } from '../../../../src/contract/scenario.js'

function compared(scenario: Scenario, lab: Tracer, live: Tracer): Step[] {
  const { findings } = judge(evidenceOf(scenario, lab, [live]))
  const subject: SubjectEvent[] = traceView(live.events).subject
  return stepsOf({ scenario, lab: recordOf(scenario, lab, 'lab'), live: recordOf(scenario, live), subject, attempt: 1, findings })
}
const brief = (steps: readonly Step[]): string[] => steps.map(({ label, lab, live, compared: how, findings }) => `${label} ${lab?.ticks ?? (lab === null ? '-' : '+')} ${live?.ticks ?? (live === null ? '-' : '+')} ${how}${findings.length > 0 ? ' !' : ''}`)

describe('T0: both timelines of the HTML report', () => {
  it('sound runs go side by side, step by step', () => {
    expect(brief(compared(deadlineScenario(), deadlineTrace(), deadlineTrace({ fires: 3 })))).toEqual([
      'deadline.budget.started 0 0 same', 'timer.work.set 0 0 same', 'timer.doomed.set 0 0 same', 'timer.work.fired 2 3 same', 'deadline.budget.completed 2 3 same', 'timer.doomed.cleared + 3 same',
      'task.main.finished - 3 unkept', 'outcome + + same', 'left alive + + same',
    ])
  })

  it('a step of one side alone is marked, with the findings that name it', () => {
    const steps = compared(deadlineScenario(), deadlineTrace(), deadlineTrace({ doomedFires: true }))
    expect(brief(steps).filter((line) => /only|!/.test(line))).toEqual(['timer.doomed.fired - 4 live_only !'])
    const late = compared(deadlineScenario(), deadlineTrace(), deadlineTrace({ fires: 8 }))
    expect(brief(late).filter((line) => / late/.test(line))).toEqual(['timer.work.fired 2 8 late !', 'deadline.budget.completed 2 8 late !'])
  })

  it('a message that differs is marked with both texts; one that never came stands where its channel ended', () => {
    const heard = (words: string[]): Tracer => {
      const tracer = trace().subject('channel.opening', 'c').at(1).subject('channel.open', 'c', { protocol: '' })
      for (const word of words) tracer.subject('channel.message', 'c', text(word))
      return tracer.end()
    }
    const steps = compared(channelScenario(), heard(['hello', 'again']), heard(['other']))
    expect(steps.find(({ label }) => label === 'channel.c.message')).toMatchObject({ compared: 'differs', lab: { text: 'text "hello" 5 B' }, live: { text: 'text "other" 5 B' } })
    expect(brief(steps).filter((line) => line.startsWith('channel.c.message#2'))).toEqual(['channel.c.message#2 + - lab_only !'])
  })

  it('every finding on lab and live that a step can show is shown at one', () => {
    const [lab, live] = [channelTrace(), channelTrace({ code: 1001 })]
    const steps = compared(channelScenario(), lab, live)
    expect(agreementFindings(channelScenario(), recordOf(channelScenario(), lab, 'lab'), recordOf(channelScenario(), live), 1).length).toBeGreaterThan(0)
    expect(steps.find(({ label }) => label === 'channel.c.closed')?.findings.length).toBeGreaterThan(0)
  })

  it('what was left alive is told by the calls that made it', () => {
    const left = [{ what: 'timer' as const, id: '1', call: 'setTimeout', stack: ['poll (a.ts:2)', 'start (a.ts:1)'] }, { what: 'worker' as const, id: '2', call: 'new Worker', stack: [] }]
    expect(eventText(trace().end({ timers: ['1', '2'], left }).events.at(-1)!)).toBe('timers 1, 2 left setTimeout, poll (a.ts:2), start (a.ts:1); new Worker')
  })

  it('a call shows what it gave, reported and gave too late; a result that differs is marked with both', () => {
    const scenario = scenarioOf({ tasks: { main: [{ op: 'call.start', call: 'c', task: 'work' }, { op: 'call.start', call: 'd', task: 'work' }] }, expect: { calls: { c: { end: 'completed', reports: [1] }, d: { end: 'cancelled' } } } })
    const run = (value: string, late: boolean): Tracer => {
      const json = (of: string) => summarizeJson(of)
      const tracer = trace().subject('call.started', 'c', { task: 'work', input: json('null') }).subject('call.started', 'd', { task: 'work', input: json('null') })
      tracer.subject('call.reported', 'c', { value: json('1') }).at(2).subject('call.completed', 'c', { result: json(value) }).subject('call.cancelled', 'd')
      return (late ? tracer.subject('call.late_result', 'd', { result: json('7') }) : tracer.subject('call.stopped', 'd', { error: 'AbortError' })).end()
    }
    const steps = compared(scenario, run('{"a":1}', false), run('{"a":2}', true))
    expect(brief(steps)).toEqual([
      'call.c.started 0 0 same', 'call.d.started 0 0 same', 'call.c.reported + 0 same', 'call.c.completed 2 2 differs !', 'call.d.cancelled 2 2 same !', 'call.d.late_result - 2 live_only !',
      'call.d.stopped + - lab_only', 'outcome + + same', 'left alive + + same',
    ])
    expect(steps.find(({ label }) => label === 'call.c.completed')).toMatchObject({ lab: { text: '{"a":1}' }, live: { text: '{"a":2}' } })
    expect(steps.find(({ label }) => label === 'call.d.late_result')).toMatchObject({ live: { text: '7' } })
    expect(brief(compared(scenario, run('1', true), run('1', true))).filter((line) => / same$/.test(line))).toContain('call.d.late_result + 2 same')
  })
})
