import { describe, expect, it } from 'vitest'
import type { PeerModel } from '../../../src/contract/scenario.js'
import { logged, logs, peerKinds, run } from './scripts.js'

const peer = (...connections: Extract<PeerModel, { kind: 'websocket' }>['connections']): Record<string, PeerModel> => ({ p: { kind: 'websocket', connections } })
const accept = { handshake: { answer: 'accept' as const } }
const echo = peer({ ...accept, on_message: [{ actions: [{ do: 'echo' }] }] })

/** Opens `socket` and logs its whole life. */
const WATCH = `
  const watch = (socket) => {
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => log('open:' + socket.protocol)
    socket.onmessage = ({ data }) => log('message:' + (typeof data === 'string' ? data : [...new Uint8Array(data)]))
    socket.onerror = () => log('error')
    socket.closed = new Promise((done) => socket.addEventListener('close', (e) => { log('close:' + [e.code, e.reason, e.wasClean]); done() }))
    return socket
  }
  const opened = (socket) => new Promise((done) => socket.addEventListener('open', done))
`

describe('T0 virtual_transport_surface: virtual WebSocket', () => {
  it('opens, echoes text, binary and empty messages in order, and closes cleanly with code and reason', async () => {
    const trace = await run(`${WATCH}
      const s = watch(new WebSocket(wsAt('p', 'c')))
      log('state:' + s.readyState)
      await opened(s)
      s.send('hello'); s.send(new Uint8Array([1, 2, 3])); s.send(''); s.send(new Uint8Array([9, 8, 7]).subarray(1, 2).buffer)
      log('buffered:' + s.bufferedAmount)
      await sleep(1)
      log('buffered:' + s.bufferedAmount)
      s.close(3001, 'bye'); log('state:' + s.readyState)
      await s.closed; log('state:' + s.readyState)`, echo)
    expect(logs(trace)).toEqual([
      'state:0', 'open:', 'buffered:11', 'message:hello', 'message:1,2,3', 'message:', 'message:9,8,7', 'buffered:0', 'state:2', 'close:3001,bye,true', 'state:3',
    ])
    expect(trace.events.filter((event) => event.witness === 'peer').at(-1)).toMatchObject({ kind: 'peer.closed', code: 3001, reason: 'bye', clean: true, id: 'c', peer: 'p', connection: 1 })
  })

  it('gives blobs by default, and ArrayBuffers of the context itself when asked', async () => {
    expect(await logged(`
      const s = new WebSocket(wsAt('p', 'c'))
      s.onopen = () => s.send(new Blob(['a', new Uint8Array([98])]))
      const blob = await new Promise((done) => { s.onmessage = ({ data }) => done(data) })
      log((blob instanceof Blob) + ':' + await blob.text())
      s.binaryType = 'arraybuffer'
      s.send(new Uint8Array([7]))
      const buffer = await new Promise((done) => { s.onmessage = ({ data }) => done(data) })
      log(String(buffer instanceof ArrayBuffer))`, echo)).toEqual(['true:ab', 'true'])
  })

  it('a close by the peer comes after its messages, with its code, and is answered', async () => {
    const trace = await run(`${WATCH} await watch(new WebSocket(wsAt('p', 'c'))).closed`,
      peer({ ...accept, on_open: [{ do: 'send', message: { kind: 'text', text: 'm', count: 3 } }, { do: 'close', code: 4001, reason: 'done' }] }))
    expect(logs(trace)).toEqual(['open:', 'message:m-0', 'message:m-1', 'message:m-2', 'close:4001,done,true'])
    expect(peerKinds(trace)).toEqual(['peer.connected', 'peer.accepted', 'peer.sent', 'peer.sent', 'peer.sent', 'peer.close_sent', 'peer.closed'])
    expect(trace.events.filter((event) => event.kind === 'peer.closed')).toMatchObject([{ code: 4001, reason: 'done', clean: true }])
  })

  it('a close without a code is 1005', async () => {
    expect(await logged(`${WATCH} const s = watch(new WebSocket(wsAt('p', 'c'))); await opened(s); s.close(); await s.closed`, echo)).toEqual(['open:', 'close:1005,,true'])
  })

  it('rejected, refused, outside and unknown addresses fail with an error and 1006', async () => {
    const peers: Record<string, PeerModel> = { ...peer({ handshake: { answer: 'reject', status: 403 } }), r: { kind: 'refused' } }
    const trace = await run(`${WATCH}
      for (const url of [wsAt('p', 'c'), refusedAt('r', 'c').replace('http', 'ws'), 'ws://example.test/', wsAt('nobody', 'c')]) await watch(new WebSocket(url)).closed`, peers)
    expect(logs(trace)).toEqual(Array.from({ length: 4 }, () => ['error', 'close:1006,,false']).flat())
    expect(peerKinds(trace)).toEqual(['peer.connected', 'peer.rejected'])
  })

  it('a terminated connection closes abnormally, after what was sent before', async () => {
    const trace = await run(`${WATCH} const s = watch(new WebSocket(wsAt('p', 'c'))); await s.closed; s.send('late'); log('lost:' + s.bufferedAmount)`,
      peer({ ...accept, on_open: [{ do: 'send', message: { kind: 'text', text: 'last' } }, { do: 'terminate' }] }))
    expect(logs(trace)).toEqual(['open:', 'message:last', 'close:1006,,false', 'lost:4'])
    expect(peerKinds(trace).at(-1)).toBe('peer.closed')
  })

  it('a handshake that is never answered can be given up', async () => {
    expect(await logged(`${WATCH} const s = watch(new WebSocket(wsAt('p', 'c'))); await sleep(50); s.close(); log('state:' + s.readyState); await s.closed; log('@' + performance.now())`,
      peer({ handshake: { answer: 'never' } }))).toEqual(['state:2', 'error', 'close:1006,,false', '@50'])
  })

  it('chooses a subprotocol; none chosen of those offered fails', async () => {
    const peers = peer({ handshake: { answer: 'accept', protocol: 'two' } }, accept)
    expect(await logged(`${WATCH}
      const s = watch(new WebSocket(wsAt('p', 'c'), ['one', 'two'])); await opened(s); s.close(1000); await s.closed
      await watch(new WebSocket(wsAt('p', 'c'), 'one')).closed`, peers)).toEqual(['open:two', 'close:1000,,true', 'error', 'close:1006,,false'])
  })

  it('checks what the standard checks', async () => {
    expect(await logged(`
      const attempt = (what) => { try { what(); log('ok') } catch (error) { log(error.name) } }
      const s = new WebSocket(wsAt('p', 'c'))
      attempt(() => s.send('early'))
      attempt(() => s.close(1001))
      attempt(() => s.close(5000))
      attempt(() => s.close(1000, 'x'.repeat(124)))
      attempt(() => s.close(1000, 'é'.repeat(62)))
      attempt(() => new WebSocket('ftp://x/'))
      attempt(() => new WebSocket(wsAt('p', 'c') + '#f'))
      attempt(() => new WebSocket(wsAt('p', 'c'), ['a', 'a']))
      attempt(() => new WebSocket(wsAt('p', 'c'), 'a b'))
      attempt(() => s.close(1000, 'x'.repeat(123)))`, echo)).toEqual([
      'InvalidStateError', 'InvalidAccessError', 'InvalidAccessError', 'SyntaxError', 'SyntaxError', 'SyntaxError', 'SyntaxError', 'SyntaxError', 'SyntaxError', 'ok'])
  })

  it('data in flight crosses a close: what the peer sent is dropped after our close, what we sent before arrives', async () => {
    const trace = await run(`${WATCH}
      const s = watch(new WebSocket(wsAt('p', 'c'))); await opened(s)
      s.send('one'); s.send('two'); s.close(1000); s.send('late')
      await s.closed`, echo)
    expect(logs(trace)).toEqual(['open:', 'close:1000,,true'])
    expect(peerKinds(trace)).toEqual(['peer.connected', 'peer.accepted', 'peer.message', 'peer.sent', 'peer.message', 'peer.sent', 'peer.closed'])
  })

  it("a peer's waits are ticks of the virtual clock, and its events carry them", async () => {
    const trace = await run(`${WATCH} const s = watch(new WebSocket(wsAt('p', 'c'))); await s.closed; log('@' + performance.now())`,
      peer({ ...accept, on_open: [{ do: 'wait', ticks: 3 }, { do: 'send', message: { kind: 'text', text: 'x' } }, { do: 'wait', ticks: 2 }, { do: 'close', code: 1000 }] }))
    expect(logs(trace).at(-1)).toBe('@50')
    expect(trace.events.filter((event) => event.kind === 'peer.sent')[0]).toMatchObject({ ticks: 3, ms: 30 })
  })

  it('the peer sees a close that was still on its way at the end', async () => {
    const trace = await run(`${WATCH} const s = new WebSocket(wsAt('p', 'c')); await opened(s); s.close(1000)`, echo)
    expect(peerKinds(trace)).toEqual(['peer.connected', 'peer.accepted', 'peer.closed'])
    expect(trace.events.map((event) => event.seq)).toEqual(trace.events.map((_, index) => index))
  })
})
