import type { MessageSpec } from '../../contract/message.js'
import type { Scenario, Step } from '../../contract/scenario.js'
import { SMOKE, closedBySubject, echoPeer, hex, scenario, text, websocket } from '../build.js'

const MEBIBYTE = 1024 * 1024
const ROUNDS = 20

/** What goes through a WebSocket, and in which order. */
export const WEBSOCKET_MESSAGES: Scenario[] = [
  scenario({
    id: 'websocket.order.from_peer',
    title: 'Two hundred messages from the peer arrive in the order they were sent',
    tiers: SMOKE,
    peers: { burst: websocket({ on_open: [{ do: 'send', message: text('m', 200) }] }) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'burst' },
        { op: 'socket.wait_message', channel: 'c', count: 200 },
        { op: 'socket.close', channel: 'c', code: 1000, reason: 'read' },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: {
      channels: { c: { opened: true, received: [text('m', 200)], peer_received: [], close: closedBySubject(1000, 'read') } },
      orders: [['channel.c.open', 'channel.c.message', 'channel.c.message#200', 'channel.c.closing', 'channel.c.closed']],
    },
  }),
  scenario({
    id: 'websocket.order.to_peer',
    title: 'Two hundred messages from the subject reach the peer in the order they were sent',
    tiers: SMOKE,
    peers: { sink: websocket({ on_message: [{ nth: 200, actions: [{ do: 'send', message: text('all here') }] }] }) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'sink' },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.send', channel: 'c', message: text('m', 200) },
        { op: 'socket.wait_message', channel: 'c', count: 1 },
        { op: 'socket.close', channel: 'c', code: 1000 },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, received: [text('all here')], peer_received: [text('m', 200)], close: closedBySubject(1000) } } },
  }),
  scenario({
    id: 'websocket.order.interleaved',
    title: 'Messages of both sides interleave on two channels without changing places',
    peers: { dialogue: websocket({ on_message: [{ actions: [{ do: 'echo' }, { do: 'send', message: text('next') }] }] }) },
    tasks: { left: dialogue('left'), right: dialogue('right') },
    expect: {
      channels: Object.fromEntries(['left', 'right'].map((channel) => [channel, {
        opened: true,
        received: rounds(channel).flatMap((message) => [message, text('next')]),
        peer_received: rounds(channel),
        close: closedBySubject(1000, 'enough'),
      }])),
    },
  }),
  echoed('websocket.message.text', 'Text comes back unchanged: line ends, NUL, accents, right-to-left and astral characters', [
    text('plain'), text('line\r\nline\n'), text('\u0000NUL inside\u0000'), text('gr\u00fc\u00dfe \u05e9\u05dc\u05d5\u05dd \u4f60\u597d'), text('\u{1f980}\u{1f468}\u200d\u{1f469}'),
  ]),
  echoed('websocket.message.binary', 'Binary messages of the sizes where frames change their form come back unchanged', [
    hex('00ff0d0a80'), ...[125, 126, 127, 65_535, 65_536].map((length): MessageSpec => ({ kind: 'fill_binary', length })),
  ]),
  echoed('websocket.message.empty', 'Empty text and empty binary messages are messages', [text(''), hex(''), text('not empty'), hex(''), text('')]),
  echoed('websocket.message.large', 'A text and a binary message of 1 MiB each come back unchanged', [{ kind: 'fill_text', length: MEBIBYTE }, { kind: 'fill_binary', length: MEBIBYTE }]),
  scenario({
    id: 'websocket.subprotocol.chosen',
    title: 'The peer chooses the second subprotocol of those offered',
    peers: { chooser: websocket({ protocol: 'chat_v2' }) },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'chooser', protocols: ['chat_v1', 'chat_v2', 'chat_v3'] },
        { op: 'socket.wait_open', channel: 'c' },
        { op: 'socket.close', channel: 'c', code: 1000 },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, protocol: 'chat_v2', received: [], peer_received: [], close: closedBySubject(1000) } } },
  }),
]

function rounds(channel: string): MessageSpec[] {
  return Array.from({ length: ROUNDS }, (_, round) => text(`${channel}-${round}`))
}

/** Says a line, hears it back with the peer's own, then says the next. */
function dialogue(channel: string): Step[] {
  const turns = rounds(channel).flatMap((message, round): Step[] => [{ op: 'socket.send', channel, message }, { op: 'socket.wait_message', channel, count: 2 * round + 2 }])
  return [
    { op: 'socket.open', channel, peer: 'dialogue' },
    { op: 'socket.wait_open', channel },
    ...turns,
    { op: 'socket.close', channel, code: 1000, reason: 'enough' },
    { op: 'socket.wait_close', channel },
  ]
}

/** Sends all messages at once to a peer that sends each back. */
function echoed(id: string, title: string, messages: MessageSpec[]): Scenario {
  return scenario({
    id,
    title,
    peers: { echo: echoPeer },
    tasks: {
      main: [
        { op: 'socket.open', channel: 'c', peer: 'echo' },
        { op: 'socket.wait_open', channel: 'c' },
        ...messages.map((message): Step => ({ op: 'socket.send', channel: 'c', message })),
        { op: 'socket.wait_message', channel: 'c', count: messages.length },
        { op: 'socket.close', channel: 'c', code: 1000 },
        { op: 'socket.wait_close', channel: 'c' },
      ],
    },
    expect: { channels: { c: { opened: true, received: messages, peer_received: messages, close: closedBySubject(1000) } } },
  })
}
