import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventSource } from 'undici'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import native from '../../../../subjects/native/subject.js'
import { within } from '../runtimes.js'

const HOST = { log: (): void => undefined, origin: 'http://127.0.0.1' }

describe('T0 virtual_transport_surface: event streams of native', () => {
  let server: Server
  let url: string
  let requests: string[]
  beforeEach(async () => {
    requests = []
    server = createServer((request, response) => {
      requests.push(String(request.headers['last-event-id'] ?? ''))
      if (requests.length > 2) return void response.writeHead(204).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`retry: 10\nid: ${requests.length}\ndata: number ${requests.length}\n\n`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterEach(async () => {
    vi.unstubAllGlobals()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('are absent where the host has none', async () => {
    vi.stubGlobal('EventSource', undefined)
    const runtime = await native.start(HOST)
    expect(runtime).not.toHaveProperty('events')
    await runtime.shutdown()
  })

  it('hand on events with their ids, resume, and say when they will not reconnect', async () => {
    vi.stubGlobal('EventSource', EventSource)
    const runtime = await native.start(HOST)
    const seen: unknown[] = []
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => { end = resolve })
    runtime.events!.open(url, {
      open: () => seen.push('open'),
      message: (event) => seen.push(event),
      error: (final) => {
        seen.push(`error ${final ? 'final' : 'for now'}`)
        if (final) end()
      },
    })
    await within(ended)
    expect(seen).toEqual([
      'open', { id: '1', event: 'message', data: 'number 1' }, 'error for now',
      'open', { id: '2', event: 'message', data: 'number 2' }, 'error for now', 'error final',
    ])
    expect(requests).toEqual(['', '1', '2'])
    await within(runtime.shutdown())
  })

  it('are closed at shutdown', async () => {
    const closed: string[] = []
    vi.stubGlobal('EventSource', class { addEventListener(): void {} close(): void { closed.push('closed') } })
    const runtime = await native.start(HOST)
    runtime.events!.open(url, { open() {}, message() {}, error() {} })
    runtime.events!.open(url, { open() {}, message() {}, error() {} }).close()
    await within(runtime.shutdown())
    expect(closed).toEqual(['closed', 'closed'])
  })
})
