import type { MessageSpec } from '../../contract/message.js'
import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, body, end, head, http, pause, scenario, text } from '../build.js'

const LARGE: MessageSpec = { kind: 'fill_binary', length: 512 * 1024 }
const http1 = { protocol_version: 'http/1.1', requests: 1 } as const

/** How a request ends, as its peer saw it; and answers that come before it has, elsewhere, or not at all. */
export const HTTP_REQUEST: Scenario[] = [
  scenario({
    id: 'http.request.post',
    title: 'The body of a POST reaches its peer whole before the answer begins',
    tiers: SMOKE,
    peers: { taker: http([{ do: 'await_body' }, head(201), body(text('taken')), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'taker', method: 'POST', body: text('a body of its own') }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...http1, end: 'completed', status: 201, body: [text('taken')], peer_saw: 'ended', request_body: [text('a body of its own')] } } },
  }),
  scenario({
    id: 'http.request.put_large',
    title: 'The body of a PUT, larger than any one chunk, reaches its peer whole',
    peers: { store: http([{ do: 'await_body' }, head(204), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'store', method: 'PUT', body: LARGE }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...http1, end: 'completed', status: 204, body: [], peer_saw: 'ended', request_body: [LARGE] } } },
  }),
  scenario({
    id: 'http.request.answered_early',
    title: 'An answer that does not wait for the body of its request is whole all the same',
    peers: { refuser: http([head(413), body(text('too much')), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'refuser', method: 'POST', body: LARGE }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...http1, end: 'completed', status: 413, body: [text('too much')], peer_saw: 'ended' } } },
  }),
  scenario({
    id: 'http.request.see_other',
    title: 'A POST answered by 303 is followed by a GET without a body, to the end',
    peers: { mover: http([{ do: 'await_body' }, head(303, { location: 'result' }), end], [head(), body(text('the result')), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'mover', path: 'form', method: 'POST', body: text('fields'), redirect: 'follow' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...http1, end: 'completed', status: 200, body: [text('the result')], redirected: true, peer_saw: 'ended', requests: 2, request_body: [] } } },
  }),
  scenario({
    id: 'http.request.cut_before_head',
    title: 'A connection broken off before any answer fails its exchange without a status, and a POST is not repeated',
    tiers: SMOKE,
    peers: { quitter: http([{ do: 'await_body' }, pause(3), { do: 'destroy' }]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'quitter', method: 'POST', body: text('once') }, { op: 'request.wait_end', exchange: 'x' }, { op: 'wait', ticks: 6 }] },
    expect: { exchanges: { x: { ...http1, end: 'failed', status: null, peer_saw: 'destroyed', request_body: [text('once')] } }, orders: [['exchange.x.sent', 'exchange.x.failed']] },
  }),
  scenario({
    id: 'http.request.cut_mid_body',
    title: 'A connection broken off in the middle of an answer fails its exchange, which keeps the status it had',
    peers: { quitter: http([head(200, { 'content-length': '9999' }), body({ kind: 'fill_binary', length: 4096 }), pause(4), { do: 'destroy' }]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'quitter' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...http1, end: 'failed', status: 200, peer_saw: 'destroyed' } }, orders: [['exchange.x.head', 'exchange.x.failed']] },
  }),
]
