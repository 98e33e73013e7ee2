import type { MessageSpec } from '../../contract/message.js'
import type { Scenario, Step } from '../../contract/scenario.js'
import { BROKEN, SMOKE, closedBySubject, echoPeer, scenario, text, websocket } from '../build.js'

const CHANNELS = Array.from({ length: 8 }, (_, index) => `c${index}`)
const lines = (channel: string): MessageSpec => text(channel, 5)

/** Connections that fail, never answer, come back, are many, or are open at shutdown. */
export const WEBSOCKET_CONNECT: Scenario[] = [
  scenario({
    id: 'websocket.connect.refused',
    title: 'Nothing listens at the address: the channel never opens and closes with 1006',
    tiers: SMOKE,
    peers: { nobody: { kind: 'refused' } },
    tasks: { main: [{ op: 'socket.open', channel: 'c', peer: 'nobody' }, { op: 'socket.wait_close', channel: 'c' }] },
    expect: { channels: { c: { opened: false, received: [], peer_received: [], close: BROKEN } } },
  }),
  scenario({
    id: 'websocket.connect.rejected',
    title: 'The peer answers the upgrade with 403: the channel never opens and closes with 1006',
    peers: { doorman: { kind: 'websocket', connections: [{ handshake: { answer: 'reject', status: 403 } }] } },
    tasks: { main: [{ op: 'socket.open', channel: 'c', peer: 'doorman' }, { op: 'socket.wait_close', channel: 'c' }] },
    expect: { channels: { c: { opened: false, received: [], peer_received: [], close: BROKEN } } },
  }),
  scenario({
    id: 'websocket.connect.never_answered',
    title: 'The peer never answers the upgrade; a deadline gives it up',
    deadlines: { patience: { budget_ticks: 8 } },
    peers: { mute: { kind: 'websocket', connections: [{ handshake: { answer: 'never' } }] } },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'mute' },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'socket.close', channel: 'c' }] },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: {
      deadlines: { patience: 'deadline_exceeded' },
      channels: { c: { opened: false, received: [], peer_received: [], close: BROKEN } },
      orders: [['deadline.patience.exceeded', 'channel.c.closing', 'channel.c.closed']],
    },
  }),
  scenario({
    id: 'websocket.deadline.silent_peer',
    title: 'The peer accepts and then says nothing; a deadline closes the channel with a code of its own',
    tiers: SMOKE,
    deadlines: { patience: { budget_ticks: 12 } },
    peers: { mute: websocket({}) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'mute' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'socket.close', channel: 'c', code: 3008, reason: 'no answer' }] },
        { op: 'socket.send', channel: 'c', message: text('hello?') },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: {
      deadlines: { patience: 'deadline_exceeded' },
      channels: { c: { opened: true, received: [], peer_received: [text('hello?')], close: closedBySubject(3008, 'no answer') } },
      orders: [['channel.c.sent', 'deadline.patience.exceeded', 'channel.c.closing', 'channel.c.closed']],
    },
  }),
  scenario({
    id: 'websocket.reconnect',
    title: 'After a broken connection a second one to the same peer works, and carries nothing over',
    peers: { faller: websocket({ on_message: [{ nth: 1, actions: [{ do: 'echo' }] }, { nth: 2, actions: [{ do: 'terminate' }] }] }) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'first', peer: 'faller' },
        { op: 'socket.wait_open', channel: 'first' },
        { op: 'socket.send', channel: 'first', message: text('one') },
        { op: 'socket.wait_message', channel: 'first', count: 1 },
        { op: 'socket.send', channel: 'first', message: text('fall') },
        { op: 'socket.wait_close', channel: 'first' },
        { op: 'socket.open', channel: 'second', peer: 'faller' },
        { op: 'socket.wait_open', channel: 'second' },
        { op: 'socket.send', channel: 'second', message: text('two') },
        { op: 'socket.wait_message', channel: 'second', count: 1 },
        { op: 'socket.close', channel: 'second', code: 1000 },
        { op: 'socket.wait_close', channel: 'second' },
      ],
    },
    expect: {
      channels: {
        first: { opened: true, received: [text('one')], peer_received: [text('one'), text('fall')], close: BROKEN },
        second: { opened: true, received: [text('two')], peer_received: [text('two')], close: closedBySubject(1000) },
      },
      orders: [['channel.first.closed', 'channel.second.opening', 'channel.second.open', 'channel.second.message', 'channel.second.closed']],
    },
  }),
  scenario({
    id: 'websocket.many_channels',
    title: 'Eight channels at once keep their messages apart',
    peers: { echo: echoPeer },
    tasks: Object.fromEntries(CHANNELS.map((channel) => [`task_${channel}`, conversation(channel)])),
    expect: {
      channels: Object.fromEntries(CHANNELS.map((channel) => [channel, { opened: true, received: [lines(channel)], peer_received: [lines(channel)], close: closedBySubject(1000, channel) }])),
    },
  }),
  scenario({
    id: 'websocket.shutdown.open',
    title: 'A shutdown with two channels open closes both and leaves none alive',
    tiers: SMOKE,
    peers: { greeter: websocket({ on_open: [{ do: 'send', message: text('welcome') }] }) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'a', peer: 'greeter' },
        { op: 'socket.open', channel: 'b', peer: 'greeter' },
        { op: 'socket.wait_message', channel: 'a', count: 1 },
        { op: 'socket.wait_message', channel: 'b', count: 1 },
        { op: 'shutdown' },
      ],
    },
    expect: {
      channels: {
        a: { opened: true, received: [text('welcome')], peer_received: [], close: closedBySubject(1000) },
        b: { opened: true, received: [text('welcome')], peer_received: [], close: closedBySubject(1000) },
      },
    },
  }),
]

function conversation(channel: string): Step[] {
  return [
    { op: 'socket.open', channel, peer: 'echo' },
    { op: 'socket.wait_open', channel },
    { op: 'socket.send', channel, message: lines(channel) },
    { op: 'socket.wait_message', channel, count: 5 },
    { op: 'socket.close', channel, code: 1000, reason: channel },
    { op: 'socket.wait_close', channel },
  ]
}
