import type { BridgeEvent, PageEvent, PeerEvent, ProxyEvent, SubjectEvent, TraceEvent } from '../contract/trace.js'

/** A trace taken apart by witness; each part in the order its witness saw things. Clocks of different witnesses are never compared. */
export interface TraceView {
  subject: SubjectEvent[]
  page: PageEvent[]
  peer: PeerEvent[]
  proxy: ProxyEvent[]
  bridge: BridgeEvent[]
}

export function traceView(events: readonly TraceEvent[]): TraceView {
  const view: TraceView = { subject: [], page: [], peer: [], proxy: [], bridge: [] }
  for (const event of events) (view[event.witness] as TraceEvent[]).push(event)
  view.subject.sort((one, other) => one.seq - other.seq)
  view.page.sort((one, other) => one.seq - other.seq)
  // A peer may count per connection, so its order is asked for only within one.
  view.peer.sort((one, other) => one.connection - other.connection || one.seq - other.seq)
  return view
}

/** The events of some kinds, typed by those kinds. */
export function ofKind<Event extends { kind: string }, Kind extends Event['kind']>(events: readonly Event[], ...kinds: Kind[]): Array<Extract<Event, { kind: Kind }>> {
  return events.filter((event): event is Extract<Event, { kind: Kind }> => (kinds as string[]).includes(event.kind))
}

/** Events by the id they carry, in order. */
export function byId<Event extends { id: string }>(events: readonly Event[]): Map<string, Event[]> {
  const groups = new Map<string, Event[]>()
  for (const event of events) {
    const group = groups.get(event.id)
    if (group) group.push(event)
    else groups.set(event.id, [event])
  }
  return groups
}

export const hasKind = <Event extends { kind: string }>(events: readonly Event[], kind: Event['kind']): boolean => events.some((event) => event.kind === kind)
