import type { Scenario } from '../../contract/scenario.js'
import { BROKEN, SMOKE, closedByPeer, closedBySubject, echoPeer, scenario, text, websocket } from '../build.js'

/** How a WebSocket ends, and what is still heard of it. */
export const WEBSOCKET_CLOSE: Scenario[] = [
  scenario({
    id: 'websocket.close.by_subject',
    title: 'The subject closes with a code and a reason; both sides see them',
    tiers: SMOKE,
    peers: { echo: echoPeer },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'echo' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.close', channel: 'c', code: 3001, reason: 'work is done' },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, received: [], peer_received: [], close: closedBySubject(3001, 'work is done') } }, orders: [['channel.c.open', 'channel.c.closing', 'channel.c.closed']] },
  }),
  scenario({
    id: 'websocket.close.without_code',
    title: 'The subject closes without a code; the close carries 1005, no status',
    peers: { echo: echoPeer },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'echo' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.close', channel: 'c' },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, received: [], peer_received: [], close: closedBySubject(1005) } } },
  }),
  scenario({
    id: 'websocket.close.by_peer',
    title: 'The peer closes with a code and a reason; the subject sees them',
    tiers: SMOKE,
    peers: { leaver: websocket({ on_message: [{ nth: 1, actions: [{ do: 'close', code: 3002, reason: 'shift is over' }] }] }) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'leaver' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.send', channel: 'c', message: text('anyone there?') },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, received: [], peer_received: [text('anyone there?')], close: closedByPeer(3002, 'shift is over') } } },
  }),
  scenario({
    id: 'websocket.close.in_flight_from_peer',
    title: 'The peer closes right behind fifty messages; all fifty arrive before the close',
    tiers: SMOKE,
    peers: { burst: websocket({ on_open: [{ do: 'send', message: text('last', 50) }, { do: 'close', code: 1000, reason: 'said all' }] }) },
    tasks: { main: [{ op: 'socket.open', channel: 'c', peer: 'burst' }, { op: 'socket.wait_close', channel: 'c' }] },
    expect: {
      channels: { c: { opened: true, received: [text('last', 50)], peer_received: [], close: closedByPeer(1000, 'said all') } },
      orders: [['channel.c.open', 'channel.c.message', 'channel.c.message#50', 'channel.c.closed']],
    },
  }),
  scenario({
    id: 'websocket.close.in_flight_to_peer',
    title: 'The subject closes right behind fifty messages; the peer still gets all fifty',
    peers: { sink: websocket({}) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'sink' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.send', channel: 'c', message: text('last', 50) },
        { op: 'socket.close', channel: 'c', code: 1000, reason: 'said all' },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, received: [], peer_received: [text('last', 50)], close: closedBySubject(1000, 'said all') } } },
  }),
  scenario({
    id: 'websocket.close.abnormal',
    title: 'The peer breaks the connection off without a closing handshake; the subject sees 1006, not clean',
    tiers: SMOKE,
    peers: { faller: websocket({ on_message: [{ nth: 1, actions: [{ do: 'echo' }] }, { nth: 2, actions: [{ do: 'terminate' }] }] }) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'faller' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.send', channel: 'c', message: text('one') },
        { op: 'socket.wait_message', channel: 'c', count: 1 },
        { op: 'socket.send', channel: 'c', message: text('two') },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, received: [text('one')], peer_received: [text('one'), text('two')], close: BROKEN } } },
  }),
  scenario({
    id: 'websocket.send.after_close',
    title: 'A send after the close is refused, and the peer never sees it',
    peers: { echo: echoPeer },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'echo' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.send', channel: 'c', message: text('in time') },
        { op: 'socket.wait_message', channel: 'c', count: 1 },
        { op: 'socket.close', channel: 'c', code: 1000 },
        { op: 'socket.send', channel: 'c', message: text('while closing') },
        { op: 'socket.wait_close', channel: 'c' },
        { op: 'socket.send', channel: 'c', message: text('too late') },
      ],
    },
    expect: { channels: { c: { opened: true, received: [text('in time')], peer_received: [text('in time')], refused_sends: 2, close: closedBySubject(1000) } } },
  }),
]
