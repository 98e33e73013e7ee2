import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FromRealm } from '../../../src/contract/realm-protocol.js'
import { SILENCE_LIMIT_MS, realmLine, type RealmLine } from '../../../src/run/realm-line.js'
import { fakeClock, hello } from './support.js'

const DONE: FromRealm = { type: 'done', stalled: false }
const FAILED: FromRealm = { type: 'failed', code: 'subject_throws', message: 'no' }
const BEAT: FromRealm = { type: 'heartbeat', beat: 1 }
const CRASHED = { what: 'realm_crashed', detail: 'gone' } as const

describe('T0 browser_surface: what Node hears from a realm', () => {
  let line: RealmLine
  beforeEach(() => {
    fakeClock()
    line = realmLine()
  })
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('gives a hello that has come already, and one that comes later at once', async () => {
    line.receive(hello())
    expect(await line.next('hello', 1)).toEqual(hello())
    const end = line.next('end', 1_000)
    line.receive(DONE)
    expect(await end).toEqual(DONE)
    expect(line.loss()).toBeNull()
  })

  it('a done is no hello; a failure is a hello and an end', async () => {
    const first = line.next('hello', 1_000)
    line.receive(DONE)
    line.receive(FAILED)
    expect(await first).toEqual(FAILED)
    expect(await line.next('end', 1_000)).toEqual(DONE)
    const other = realmLine()
    other.receive(FAILED)
    expect(await other.next('end', 1_000)).toEqual(FAILED)
  })

  it('no hello within the limit: the realm did not start', async () => {
    const wait = line.next('hello', 1_000)
    vi.advanceTimersByTime(1_000)
    expect(line.loss()).toBeNull()
    vi.advanceTimersByTime(400)
    expect(await wait).toBeNull()
    expect(line.loss()).toMatchObject({ what: 'realm_not_started' })
  })

  it('before the hello, silence alone is no loss', async () => {
    const wait = line.next('hello', SILENCE_LIMIT_MS * 3)
    vi.advanceTimersByTime(SILENCE_LIMIT_MS * 2)
    line.receive(hello())
    expect(await wait).toEqual(hello())
  })

  it('a realm that beats is busy, not lost, up to the limit on the whole', async () => {
    const wait = line.next('end', SILENCE_LIMIT_MS * 3)
    for (let beats = 0; beats < 5; beats++) {
      vi.advanceTimersByTime(SILENCE_LIMIT_MS / 2)
      line.receive(BEAT)
    }
    expect(line.loss()).toBeNull()
    for (let beats = 0; beats < 2; beats++) {
      vi.advanceTimersByTime(SILENCE_LIMIT_MS / 2)
      line.receive(BEAT)
    }
    expect(await wait).toBeNull()
    expect(line.loss()).toEqual({ what: 'realm_silent', detail: `no end within ${SILENCE_LIMIT_MS * 3} ms` })
  })

  it('a realm without a sign of life is lost long before the limit on the whole', async () => {
    line.receive(hello())
    const wait = line.next('end', SILENCE_LIMIT_MS * 100)
    vi.advanceTimersByTime(SILENCE_LIMIT_MS + 400)
    expect(await wait).toBeNull()
    expect(line.loss()).toEqual({ what: 'realm_silent', detail: `no sign of life for ${SILENCE_LIMIT_MS} ms` })
  })

  it('events are a sign of life', async () => {
    const wait = line.next('end', SILENCE_LIMIT_MS * 100)
    vi.advanceTimersByTime(SILENCE_LIMIT_MS - 400)
    line.receive({ type: 'events', events: [] })
    vi.advanceTimersByTime(SILENCE_LIMIT_MS - 400)
    expect(line.loss()).toBeNull()
    line.receive(DONE)
    expect(await wait).toEqual(DONE)
  })

  it('a loss ends a wait at once, and the first one stands', async () => {
    const wait = line.next('end', 1_000)
    line.lose(CRASHED)
    line.lose({ what: 'engine_crashed', detail: 'later' })
    expect(await wait).toBeNull()
    expect(line.loss()).toEqual(CRASHED)
    expect(await line.next('end', 1_000)).toBeNull()
  })

  it.each([DONE, FAILED])('after the end ($type) a loss is none: the connection always closes then', async (end) => {
    line.receive(end)
    line.lose(CRASHED)
    expect(line.loss()).toBeNull()
    expect(await line.next('end', 1_000)).toEqual(end)
  })

  it('after the hello alone, a loss is one', async () => {
    line.receive(hello())
    line.lose(CRASHED)
    expect(await line.next('hello', 1_000)).toEqual(hello())
    expect(await line.next('end', 1_000)).toBeNull()
    expect(line.loss()).toEqual(CRASHED)
  })
})
