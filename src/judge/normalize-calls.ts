import type { SemanticRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { SubjectEvent } from '../contract/trace.js'
import type { ScenarioFacts } from './scenario-facts.js'
import { byId, ofKind, type TraceView } from './trace-view.js'

type CallRecord = NonNullable<SemanticRecord['calls']>[string]
type CallEvent = Extract<SubjectEvent, { kind: `call.${string}` }>

/** Every call the scenario names or the subject reported; a record without any says nothing of calls. */
export function callRecords(scenario: Scenario, facts: ScenarioFacts, view: TraceView): Pick<SemanticRecord, 'calls'> {
  const events = byId(view.subject.filter((event): event is CallEvent => event.kind.startsWith('call.')))
  const names = [...new Set([...facts.calls.keys(), ...events.keys()])].sort()
  if (names.length === 0) return {}
  return { calls: Object.fromEntries(names.map((name) => [name, callRecord(events.get(name) ?? [], facts.calls.get(name) ?? '', scenario.expect.calls?.[name]?.result_varies === true)])) }
}

const ENDS = { 'call.completed': 'completed', 'call.failed': 'failed', 'call.cancelled': 'cancelled', 'call.timed_out': 'timed_out' } as const

/** The first end counts. A result that is another one each time is in no record, so that nothing is compared with it. */
function callRecord(events: readonly CallEvent[], task: string, varies: boolean): CallRecord {
  const end = ofKind(events, 'call.completed', 'call.failed', 'call.cancelled', 'call.timed_out')[0]
  const ended = end === undefined ? events.length : events.indexOf(end)
  const late = ofKind(events, 'call.late_result')[0]
  return {
    task: ofKind(events, 'call.started')[0]?.task ?? task,
    end: end === undefined ? 'pending' : ENDS[end.kind],
    result: end?.kind === 'call.completed' && !varies ? end.result : null,
    error_name: end?.kind === 'call.failed' ? end.error : null,
    late: end?.kind === 'call.cancelled' || end?.kind === 'call.timed_out' ? aftermath(events) : null,
    late_result: late === undefined || varies ? null : late.result,
    reports: ofKind(events.slice(0, ended), 'call.reported').map(({ value }) => value),
    reports_after_end: ofKind(events.slice(ended), 'call.reported').length,
  }
}

const aftermath = (events: readonly CallEvent[]): CallRecord['late'] =>
  (ofKind(events, 'call.late_result').length > 0 ? 'result' : ofKind(events, 'call.stopped').length > 0 ? 'stopped' : 'running')
