import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ToRealm } from '../../../src/contract/realm-protocol.js'
import { INJECTED_HOST, type InjectedHost } from '../../../src/contract/injected-host.js'

const HEART = { type: 'heartbeat', beat: 1 } as const

class FakeSocket {
  static made: FakeSocket[] = []
  readyState = 0
  sent: string[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  constructor(readonly url: URL) { FakeSocket.made.push(this) }
  send(text: string): void { this.sent.push(text) }
}

const load = () => import('../../../host-probes/control.js')

describe('T0 browser_surface: a realm\'s line to Node', () => {
  beforeEach(() => {
    vi.resetModules()
    FakeSocket.made = []
    vi.stubGlobal('WebSocket', FakeSocket)
    vi.stubGlobal('location', { href: 'http://127.0.0.1:4000/token/realm/a/realm.js?x=1' })
  })
  afterEach(() => { vi.unstubAllGlobals() })

  it('is a WebSocket beside the realm\'s own address', async () => {
    ;(await load()).openControl()
    expect(FakeSocket.made.map(({ url }) => url.href)).toEqual(['ws://127.0.0.1:4000/token/realm/a/control'])
  })

  it('keeps what is said before it is open, and its order', async () => {
    const control = (await load()).openControl()
    const [socket] = FakeSocket.made as [FakeSocket]
    control.send(HEART)
    control.send({ ...HEART, beat: 2 })
    expect(socket.sent).toEqual([])
    socket.readyState = 1
    socket.onopen!()
    control.send({ ...HEART, beat: 3 })
    expect(socket.sent.map((text) => (JSON.parse(text) as typeof HEART).beat)).toEqual([1, 2, 3])
  })

  it('hands over what Node says', async () => {
    const control = (await load()).openControl()
    const heard: ToRealm[] = []
    const [socket] = FakeSocket.made as [FakeSocket]
    socket.onmessage!({ data: '{"type":"stop"}' })
    control.onmessage = (message) => heard.push(message)
    socket.onmessage!({ data: '{"type":"stop"}' })
    expect(heard).toEqual([{ type: 'stop' }])
  })

  it('goes through the realm\'s own WebSocket, not the recorder\'s', async () => {
    const { openControl } = await load()
    vi.stubGlobal('WebSocket', class { constructor() { throw new Error('recorded') } })
    openControl()
    expect(FakeSocket.made).toHaveLength(1)
  })

  it('is the host\'s own where the host is not a browser', async () => {
    const host: InjectedHost = { kind: 'lab', control: { send: () => undefined, onmessage: null } }
    vi.stubGlobal(INJECTED_HOST, host)
    expect((await load()).openControl()).toBe(host.control)
    expect(FakeSocket.made).toEqual([])
  })
})
