import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { dial, join, openLoopback, until } from './support.js'

describe('T0 browser_surface: the control connection of a realm', () => {
  let loopback: Loopback
  beforeAll(async () => { loopback = await openLoopback() })
  afterAll(() => loopback.close())
  const controlOf = (attempt: ReturnType<typeof join>): string => attempt.urls.script.replace('realm.js', 'control')

  it('carries parsed messages in and orders out', async () => {
    const attempt = join(loopback, {})
    expect(attempt.connected()).toBe(false)
    expect(() => attempt.send({ type: 'stop' })).toThrow(expect.objectContaining({ code: 'realm_lost' }))
    const realm = dial(controlOf(attempt))
    await realm.opened
    expect(attempt.connected()).toBe(true)
    realm.socket.send(JSON.stringify({ type: 'heartbeat', beat: 1 }))
    realm.socket.send(JSON.stringify({ type: 'done', stalled: false }))
    await until(() => attempt.messages.length === 2)
    expect(attempt.messages).toEqual([{ type: 'heartbeat', beat: 1 }, { type: 'done', stalled: false }])
    attempt.send({ type: 'stop' })
    await realm.message(1)
    expect(realm.received).toEqual(['{"type":"stop"}'])
  })

  it('drops what does not parse, and tells of it as lost', async () => {
    const attempt = join(loopback, {})
    const realm = dial(controlOf(attempt))
    await realm.opened
    for (const bad of ['{', '7', '{"type":"unheard_of"}', '{"type":"heartbeat","beat":1,"more":2}', Buffer.from('{"type":"heartbeat","beat":1}')]) realm.socket.send(bad)
    await until(() => attempt.unread.length === 5)
    expect([attempt.messages, attempt.refusals]).toEqual([[], []])
    expect(attempt.unread.every((what) => what.startsWith('control: '))).toBe(true)
    expect(attempt.connected()).toBe(true)
  })

  it('gives text a form in UTF-8, in a message and in why it is none', async () => {
    const attempt = join(loopback, {})
    const realm = dial(controlOf(attempt))
    await realm.opened
    realm.socket.send(JSON.stringify({ type: 'failed', code: 'harness', message: 'cut \ud83d here' }))
    realm.socket.send(JSON.stringify({ type: 'done', stalled: false, '\ud83d': 1 }))
    await until(() => attempt.messages.length === 1 && attempt.unread.length === 1)
    expect(attempt.messages).toEqual([{ type: 'failed', code: 'harness', message: 'cut \\ud83d here' }])
    expect(attempt.unread[0]).toContain('\\ud83d')
  })

  it('breaks a frame over the limit off', async () => {
    const attempt = join(loopback, {})
    const realm = dial(controlOf(attempt))
    await realm.opened
    realm.socket.send(Buffer.alloc(16 * 1024 * 1024 + 1))
    realm.socket.on('error', () => {})
    await realm.closed
    await until(() => attempt.closes.length === 1)
    expect(attempt.refusals).toEqual([expect.stringContaining('Max payload size exceeded')])
  })

  it('takes one connection at a time, reports its end, and takes the next', async () => {
    const attempt = join(loopback, {})
    const first = dial(controlOf(attempt))
    await first.opened
    await expect(dial(controlOf(attempt)).opened).rejects.toThrow('status 409')
    expect(attempt.refusals).toEqual(['a second control connection'])
    first.socket.terminate()
    await until(() => attempt.closes.length === 1)
    expect(attempt.connected()).toBe(false)
    const second = dial(controlOf(attempt))
    await second.opened
    attempt.dispose()
    await second.closed
    expect(attempt.closes).toHaveLength(1)
  })
})
