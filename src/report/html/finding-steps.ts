import type { Finding } from '../../contract/verdict.js'

const FAMILIES = { timers: 'timer', deadlines: 'deadline', channels: 'channel', exchanges: 'exchange', streams: 'stream', calls: 'call' } as const
/** The step that a member of a record is made from; by family and member. */
const MEMBERS: Record<string, string> = {
  'channel.received': 'message', 'channel.sent': 'sent', 'channel.peer_received': 'sent', 'channel.peer_sent': 'message', 'channel.opened': 'open', 'channel.protocol': 'open',
  'channel.close': 'closed', 'channel.peer_close': 'closed', 'channel.refused_sends': 'send_refused', 'channel.messages_after_close': 'message',
  'exchange.status': 'head', 'exchange.redirected': 'head', 'stream.events': 'event', 'timer.fired': 'fired', 'timer.fired_after_clear': 'fired', 'timer.in_order': 'fired',
  'call.reports': 'reported', 'call.reports_after_end': 'reported', 'call.late_result': 'late_result',
}

/** Whether a finding names the step of this label: exactly, by its entity's member, or by the entity as a whole. `happened`: labels of the live run. */
export function namesStep({ field, expected, law }: Finding, label: string, happened: ReadonlySet<string>): boolean {
  if (law === 'order' && field === 'orders') return breaksOrder(expected.split(' → '), label, happened)
  if (field === `at_ticks.${label}`) return true
  const [, family = '', name = '', member = '', index] = /^(?:witnessed\.(?:page|peer)\.)?(timers|deadlines|channels|exchanges|streams|calls)\.([a-z0-9_]+)(?:\.([a-z_]+)(?:\[(\d+)\])?)?/.exec(field) ?? []
  if (family === '') return field === label
  const entity = FAMILIES[family as keyof typeof FAMILIES]
  const [of = '', which = '', event = ''] = label.replace(/#\d+$/, '').split('.')
  if (of !== entity || which !== name) return false
  const wanted = MEMBERS[`${entity}.${member}`]
  if (wanted !== undefined) return event === wanted && (index === undefined || nth(label) === Number(index) + 1)
  return ENDS.has(event)
}

/** A chain breaks at what is missing of it; where all of it happened, at all of it. */
function breaksOrder(chain: readonly string[], label: string, happened: ReadonlySet<string>): boolean {
  const missing = chain.filter((one) => !happened.has(one))
  return (missing.length > 0 ? missing : chain).includes(label)
}

/** Where an entity's story ends: what a finding on the whole of it is marked at. */
const ENDS: ReadonlySet<string> = new Set(['fired', 'cleared', 'exceeded', 'completed', 'cancelled', 'closed', 'failed', 'timed_out'])

const nth = (label: string): number => Number(/#(\d+)$/.exec(label)?.[1] ?? 1)
