import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentMessage, Loopback } from '../../../src/loopback/loopback.js'
import { dial, openLoopback, until } from './support.js'

describe('T0 browser_surface: the channel to the page of a slot', () => {
  let loopback: Loopback
  const strangers: string[] = []
  beforeAll(async () => { loopback = await openLoopback({ slots: 2, onStranger: (what) => strangers.push(what) }) })
  afterAll(() => loopback.close())
  const page = (slot: number) => dial(loopback.agentUrl(slot).replace('.html', '/control'))

  it('waits for the page within its limit, carries commands and messages, per slot', async () => {
    const agent = loopback.agent(0)
    await expect(agent.connected(5)).rejects.toMatchObject({ code: 'realm_lost' })
    expect(() => agent.send({ type: 'reap', attempt: 'a' })).toThrow(expect.objectContaining({ code: 'realm_lost' }))
    const messages: AgentMessage[] = []
    const others: AgentMessage[] = []
    agent.onMessage((message) => messages.push(message))
    loopback.agent(1).onMessage((message) => others.push(message))
    const connected = agent.connected(5000)
    const client = page(0)
    await connected
    await agent.connected(0)
    await client.opened
    client.socket.send('{"type":"ready"}')
    client.socket.send('{"type":"spawned"}')
    client.socket.send('{"type":"error","attempt":null,"message":"no workers"}')
    await until(() => messages.length === 2)
    expect(messages).toEqual([{ type: 'ready' }, { type: 'error', attempt: null, message: 'no workers' }])
    expect(strangers).toEqual([expect.stringMatching(/^agent of slot 0: control: attempt/)])
    expect(others).toEqual([])
    agent.send({ type: 'spawn', role: 'service_worker', attempt: 'a', script: 's', scope: '/' })
    await client.message(1)
    expect(JSON.parse(String(client.received[0]))).toEqual({ type: 'spawn', role: 'service_worker', attempt: 'a', script: 's', scope: '/' })
  })

  it('lets a reloaded page take over', async () => {
    const agent = loopback.agent(1)
    const first = page(1)
    await first.opened
    const second = page(1)
    await second.opened
    await first.closed
    agent.send({ type: 'reap', attempt: 'a' })
    await second.message(1)
    expect(first.received).toEqual([])
    second.socket.close()
    await until(() => { try { agent.send({ type: 'reap', attempt: 'b' }); return false } catch { return true } })
  })
})
