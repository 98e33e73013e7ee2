import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { canonicalJson } from '../../../src/evidence/canonical-json.js'
import { createScheduleHash, eventHash } from '../../../src/lab/hashes.js'

const message = { kind: 'text' as const, length: 1, sha256: 'a'.repeat(64), text: 'x' }
const EVENTS: TraceEvent[] = [
  { witness: 'subject', kind: 'timer.fired', id: 'a', seq: 0, ticks: 1, ms: 10 },
  { witness: 'subject', kind: 'timer.fired', id: 'a', index: 3, seq: 1, ticks: -0, ms: 10.5 },
  { witness: 'subject', kind: 'channel.sent', id: 'c"é\u2028', message, seq: 2, ticks: 2, ms: 20 },
  { witness: 'page', kind: 'host.alive', id: 'realm', timers: ['1'], sockets: [], requests: [], streams: [], seq: 3, ticks: 2, ms: 20 },
  { witness: 'page', kind: 'host.socket.close_called', id: 'c', code: null, reason: null, seq: 4, ticks: 2, ms: 20 },
]
const plain = (events: TraceEvent[]): string =>
  createHash('sha256').update(canonicalJson(events.map(({ ms: _ms, ...rest }) => rest))).digest('hex')

describe('T0 timer_surface: event and schedule hashes', () => {
  it('an event hash is the digest of the canonical JSON without ms', () => {
    for (let length = 0; length <= EVENTS.length; length++) expect(eventHash(EVENTS.slice(0, length))).toBe(plain(EVENTS.slice(0, length)))
    const many = Array.from({ length: 2000 }, (_, seq) => ({ ...EVENTS[seq % EVENTS.length]!, seq }))
    expect(eventHash(many)).toBe(plain(many))
  })

  it('an event hash leaves ms out and nothing else', () => {
    const [first, ...rest] = EVENTS
    expect(eventHash([{ ...first!, ms: 99 }, ...rest])).toBe(eventHash(EVENTS))
    expect(eventHash([{ ...first!, ticks: 2 }, ...rest])).not.toBe(eventHash(EVENTS))
    expect(() => eventHash([{ ...first!, id: '\ud800' }])).toThrow(/lone surrogate/)
  })

  it('a schedule hash tells due times, kinds and their order apart', () => {
    const digest = (...tasks: Array<[number, number]>): string => {
      const hash = createScheduleHash()
      for (const [due, kind] of tasks) hash.add(due, kind)
      return hash.digest()
    }
    const all = [digest(), digest([1, 0]), digest([1, 1]), digest([2, 0]), digest([1, 0], [2, 0]), digest([2, 0], [1, 0])]
    expect(new Set(all).size).toBe(all.length)
    const long = Array.from({ length: 10_000 }, (_, due): [number, number] => [due, 1])
    expect(digest(...long)).toBe(digest(...long))
    expect(digest(...long)).not.toBe(digest(...long.slice(0, -1)))
  })
})
