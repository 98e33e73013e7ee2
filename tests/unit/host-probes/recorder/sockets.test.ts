import { beforeEach, describe, expect, it } from 'vitest'
import { summarize } from '../../../../src/contract/summary.js'
import { at, freshRealm, realmWith, turn, type FreshRealm } from '../support.js'

/** A WebSocket that does what the test says. */
class NativeSocket extends EventTarget {
  static readonly CLOSED = 3
  readyState = 0
  protocol = ''
  sent: unknown[] = []
  closes: unknown[][] = []
  constructor(readonly url: string, readonly protocols: string | string[]) {
    super()
    if (!/^(ws|http)/.test(url)) throw new SyntaxError('not an address')
  }
  send(data: unknown): void {
    if (this.readyState !== 1) throw new Error('InvalidStateError')
    this.sent.push(data)
  }
  close(...given: unknown[]): void {
    this.closes.push(given)
    this.readyState = 2
  }
  opens(protocol = ''): void {
    this.readyState = 1
    this.protocol = protocol
    this.dispatchEvent(new Event('open'))
  }
  says(data: unknown): void { this.dispatchEvent(Object.assign(new Event('message'), { data })) }
  ends(code: number, reason: string, wasClean: boolean): void {
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason, wasClean }))
  }
}
type Recorded = new (url: string | URL, protocols?: string | string[]) => NativeSocket

describe('T0 virtual_transport_surface: the page witness of WebSockets', () => {
  let fresh: FreshRealm
  let Socket: Recorded
  beforeEach(async () => {
    fresh = await freshRealm()
    const { recordSockets } = await import('../../../../host-probes/recorder/sockets.js')
    const realm = realmWith({ WebSocket: NativeSocket })
    recordSockets(realm)
    Socket = realm.WebSocket as unknown as Recorded
  })

  it('stays the engine\'s own in kind: statics, instanceof, protocols', () => {
    const socket = new Socket(at('chat', 'ws'), ['a', 'b'])
    expect(socket).toBeInstanceOf(NativeSocket)
    expect((Socket as unknown as typeof NativeSocket).CLOSED).toBe(3)
    expect(socket.protocols).toEqual(['a', 'b'])
    expect(Socket.name).toBe('WebSocket')
  })

  it('records a whole life, named by the address', () => {
    const socket = new Socket(new URL(at('chat', 'ws')))
    expect(fresh.alive().sockets).toEqual(['chat'])
    socket.opens('proto')
    socket.send('hello')
    socket.says('hi')
    socket.close(1000, 'bye')
    expect(fresh.alive().sockets).toEqual([])
    socket.ends(1000, 'bye', true)
    expect(fresh.said()).toEqual(['created', 'open', 'sent', 'message', 'close_called', 'closed'].map((what) => `host.socket.${what} chat`))
    expect(fresh.events()).toMatchObject([
      {}, { protocol: 'proto' }, { message: summarize('hello') }, { message: summarize('hi') }, { code: 1000, reason: 'bye' }, { code: 1000, reason: 'bye', clean: true },
    ])
  })

  it('records before any listener of the subject', () => {
    const socket = new Socket(at('chat', 'ws'))
    let seen: string[] = []
    socket.addEventListener('open', () => { seen = fresh.kinds() })
    socket.opens()
    expect(seen).toEqual(['host.socket.created', 'host.socket.open'])
  })

  it('hands close on with just the arguments it was given', () => {
    const socket = new Socket(at('chat', 'ws'))
    socket.close()
    socket.close(3000)
    socket.close(3000, '')
    expect(socket.closes).toEqual([[], [3000], [3000, '']])
    expect(fresh.events().slice(1)).toMatchObject([{ code: null, reason: null }, { code: 3000, reason: null }, { code: 3000, reason: '' }])
  })

  it('a send that the engine refuses is none', () => {
    const socket = new Socket(at('chat', 'ws'))
    expect(() => socket.send('early')).toThrow('InvalidStateError')
    expect(fresh.kinds()).toEqual(['host.socket.created'])
  })

  it('a socket that the engine refuses to make is none', () => {
    expect(() => new Socket('nonsense')).toThrow(SyntaxError)
    expect(fresh.events()).toEqual([])
    expect(fresh.alive().sockets).toEqual([])
  })

  it('an address outside is recorded even though the engine may refuse it', () => {
    new Socket('ws://example.org/')
    expect(fresh.said()).toEqual(['host.outside WebSocket', 'host.socket.created outside'])
  })

  it('summarizes bytes in whatever form, a view by its own part alone', async () => {
    const bytes = Uint8Array.of(9, 1, 2, 3, 9)
    const wanted = summarize(Uint8Array.of(1, 2, 3))
    const socket = new Socket(at('chat', 'ws'))
    socket.opens()
    socket.send(bytes.subarray(1, 4))
    socket.says(bytes.slice(1, 4).buffer)
    socket.says(new Blob([bytes.slice(1, 4)]))
    socket.send(bytes.slice(1, 4).buffer)
    expect(fresh.events().slice(2)).toMatchObject([{ kind: 'host.socket.sent', message: wanted }, { kind: 'host.socket.message', message: wanted }])
    await turn()
    expect(fresh.events().slice(4)).toMatchObject([{ kind: 'host.socket.message', message: wanted }, { kind: 'host.socket.sent', message: wanted }])
  })

  it('what comes after a blob is told after it, in both directions and with the bytes it had then', async () => {
    const { allTold } = await import('../../../../host-probes/recorder/in-turn.js')
    const [blob, bytes] = [new Blob(['blob']), Uint8Array.of(1, 2)]
    const socket = new Socket(at('chat', 'ws'))
    socket.opens()
    socket.says(blob)
    socket.says('text')
    socket.send(blob)
    socket.send(bytes)
    bytes.fill(9)
    socket.close(1000)
    socket.ends(1000, '', true)
    expect(fresh.kinds()).toHaveLength(2)
    await allTold()
    const of_blob = summarize(new TextEncoder().encode('blob'))
    expect(fresh.events().slice(2)).toMatchObject([
      { kind: 'host.socket.message', message: of_blob }, { kind: 'host.socket.message', message: summarize('text') }, { kind: 'host.socket.sent', message: of_blob },
      { kind: 'host.socket.sent', message: summarize(Uint8Array.of(1, 2)) }, { kind: 'host.socket.close_called', code: 1000 }, { kind: 'host.socket.closed', code: 1000 },
    ])
  })

  it('a blob that cannot be read is left out, and holds nothing up for longer than the limit', async () => {
    const { allTold } = await import('../../../../host-probes/recorder/in-turn.js')
    const broken = Object.assign(new Blob(['x']), { arrayBuffer: () => Promise.reject(new Error('no')) })
    const stuck = Object.assign(new Blob(['x']), { arrayBuffer: () => new Promise(() => undefined) })
    const socket = new Socket(at('chat', 'ws'))
    socket.opens()
    socket.says(broken)
    socket.says('text')
    await allTold()
    expect(fresh.kinds().slice(2)).toEqual(['host.socket.message'])
    socket.says(stuck)
    await allTold()
    expect(fresh.kinds().slice(2)).toEqual(['host.socket.message'])
  })

  it.each([
    ['a number', 42, '42'], ['null', null, 'null'], ['half a character', 'a\ud83d', 'a\ufffd'],
  ])('%s is sent as the text that the engine sends', (_, given, sent) => {
    const socket = new Socket(at('chat', 'ws'))
    socket.opens()
    socket.send(given)
    expect(fresh.events().at(-1)).toMatchObject({ message: summarize(sent) })
  })

  it.each([
    [['1000'], { code: 1000, reason: null }], [[1000, 42], { code: 1000, reason: '42' }], [[1000.5], { code: 1000, reason: null }], [[1001.5], { code: 1002, reason: null }], [[70_000], { code: 65_535, reason: null }],
    [[null], { code: 0, reason: null }], [[-1, 'half \ud83d'], { code: 0, reason: 'half \ufffd' }], [[undefined, 'why'], { code: null, reason: 'why' }],
  ])('a close with %j is recorded as the engine takes it', (given, told) => {
    const socket = new Socket(at('chat', 'ws'))
    Reflect.apply((...all: unknown[]) => socket.close(...all), null, given)
    expect(fresh.events().at(-1)).toMatchObject({ kind: 'host.socket.close_called', ...told })
  })

  it('one that breaks off is closed, not alive', () => {
    const socket = new Socket(at('chat', 'ws'))
    socket.opens()
    expect(fresh.alive().sockets).toEqual(['chat'])
    socket.ends(1006, '', false)
    expect(fresh.alive().sockets).toEqual([])
    expect(fresh.events().at(-1)).toMatchObject({ kind: 'host.socket.closed', code: 1006, clean: false })
  })

  it('a realm without WebSocket is left as it is', async () => {
    const { recordSockets } = await import('../../../../host-probes/recorder/sockets.js')
    const bare = realmWith({})
    recordSockets(bare)
    expect('WebSocket' in bare).toBe(false)
  })
})
