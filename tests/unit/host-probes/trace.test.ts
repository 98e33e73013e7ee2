import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RealmEvent } from '../../../src/contract/trace.js'

const mark = (id: string) => ({ witness: 'subject', kind: 'mark', id }) as const
const load = () => import('../../../host-probes/trace.js')

describe('T0: the trace of a realm', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'queueMicrotask'] })
    vi.resetModules()
  })
  afterEach(() => { vi.useRealTimers() })

  it('counts through from 0 and keeps what nobody takes yet', async () => {
    const { deliverTo, flush, record } = await load()
    record(mark('a'))
    record(mark('b'))
    const taken: RealmEvent[][] = []
    deliverTo((events) => taken.push(events))
    expect(taken).toEqual([])
    flush()
    expect(taken.flat().map(({ seq, id }) => [seq, id])).toEqual([[0, 'a'], [1, 'b']])
    flush()
    expect(taken).toHaveLength(1)
  })

  it('keeps text that has no form in UTF-8 by its escapes, wherever it stands, and two such texts apart', async () => {
    const { deliverTo, flush, record } = await load()
    const taken: RealmEvent[] = []
    deliverTo((events) => taken.push(...events))
    record({ witness: 'subject', kind: 'stream.event', id: 's', event_id: '\ude00', event: '👍', data: 'a\ud83db' })
    record({ witness: 'page', kind: 'host.alive', id: 'realm', timers: ['\ud83d'], sockets: [], requests: [], streams: [] })
    flush()
    expect(taken).toMatchObject([{ event_id: '\\ude00', event: '👍', data: 'a\\ud83db' }, { timers: ['\\ud83d'] }])
  })

  it('delivers a turn\'s events as one batch, at the end of the turn', async () => {
    const { deliverTo, record } = await load()
    const taken: string[][] = []
    deliverTo((events) => taken.push(events.map(({ id }) => id)))
    record(mark('a'))
    record(mark('b'))
    expect(taken).toEqual([])
    vi.runAllTicks()
    expect(taken).toEqual([['a', 'b']])
    record(mark('c'))
    vi.runAllTicks()
    expect(taken).toEqual([['a', 'b'], ['c']])
  })

  it('counts ticks from the start of the clock, to the nearest; before it all is tick 0', async () => {
    const { deliverTo, flush, record, startClock, ticksNow } = await load()
    const taken: RealmEvent[] = []
    deliverTo((events) => taken.push(...events))
    vi.advanceTimersByTime(500)
    record(mark('before'))
    expect(ticksNow()).toBe(0)
    startClock(20)
    vi.advanceTimersByTime(29)
    record(mark('early'))
    vi.advanceTimersByTime(1)
    record(mark('late'))
    expect(ticksNow()).toBe(2)
    flush()
    expect(taken.map(({ ticks, ms }) => [ticks, ms])).toEqual([[0, 0], [1, 29], [2, 30]])
  })

  it('passes another host\'s events on as they are stamped, after its own', async () => {
    const { deliverNow, deliverTo, record } = await load()
    const taken: string[] = []
    deliverTo((events) => taken.push(...events.map(({ id, seq }) => `${id}:${seq}`)))
    record(mark('own'))
    deliverNow([{ ...mark('bridged'), seq: 41, ticks: 7, ms: 70 }])
    expect(taken).toEqual(['own:0', 'bridged:41'])
  })
})
