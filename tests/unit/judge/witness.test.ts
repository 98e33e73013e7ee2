import { describe, expect, test } from 'vitest'
import type { NormalizedRecord, SemanticRecord, Witnessed } from '../../../src/contract/record.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import { witnessFindings } from '../../../src/judge/compare-witness.js'
import { channelScenario, channelTrace, recordOf, scenarioOf, trace } from './traces.js'

const told = (scenario: Scenario, record: NormalizedRecord): string[] => witnessFindings(scenario, record, 1).map(({ field, expected, found }) => `${field}: ${expected} | ${found}`)
const plain = scenarioOf({})
const empty = recordOf(plain, trace().end())

describe('T0 http_surface: the witnesses of an exchange', () => {
  type Exchange = SemanticRecord['exchanges'][string]
  type Page = Witnessed['page']['exchanges'][string]
  type Peer = Witnessed['peer']['exchanges'][string]
  const body = summarize('12345')
  const whole: Exchange = { ...{ end: 'completed', status: 200, redirected: false, body, cancelled: { page: false, peer: false }, chunks_after_cancel: 0, peer_saw: 'ended', requests: 1, request_body: null, protocol_version: 'http/1.1', shares_connection: [] } }
  const cancelled: Exchange = { ...whole, end: 'cancelled', body: null, cancelled: { page: true, peer: true }, peer_saw: 'aborted' }
  const failed: Exchange = { ...whole, end: 'failed', body: null, status: null }
  const [page, peer]: [Page, Peer] = [{ end: 'ended', status: 200, bytes: 5 }, { status: 200, bytes: 5 }]
  const [aborted, broken]: [Page, Page] = [{ end: 'aborted', status: 200, bytes: null }, { end: 'failed', status: null, bytes: null }]
  const record = (exchange: Exchange, seen: Page | null, other: Peer | null, outcome: SemanticRecord['outcome'] = 'completed'): NormalizedRecord => ({
    ...empty, semantic: { ...empty.semantic, outcome, exchanges: { x: exchange } },
    witnessed: { page: { ...empty.witnessed.page, exchanges: seen ? { x: seen } : {} }, peer: { ...empty.witnessed.peer, exchanges: other ? { x: other } : {} } },
  })
  test.each<[string, NormalizedRecord, string[]]>([
    ['all agree', record(whole, page, peer), []],
    ['without the page', record(whole, null, peer), []],
    ['without the peer\'s account', record(whole, page, null), []],
    ['a cancel that all saw', record(cancelled, aborted, { status: 200, bytes: null }), []],
    ['a cancel of what the peer never had', record({ ...cancelled, requests: 0, status: null, peer_saw: 'nothing' }, { ...aborted, status: null }, null), []],
    ['a cancel before the boundary', record({ ...cancelled, requests: 0, status: null, peer_saw: 'nothing', cancelled: { page: false, peer: false } }, null, null), []],
    ['a failure', record({ ...failed, peer_saw: 'destroyed' }, broken, { status: null, bytes: null }), []],
    ['a failure that made the client break off', record({ ...failed, peer_saw: 'aborted' }, broken, null), []],
    ['a failure before the peer', record({ ...failed, requests: 0, peer_saw: 'nothing' }, broken, null), []],
    ['completed, and no request', record({ ...whole, requests: 0 }, page, null), ['exchanges.x.requests: at least 1 | 0']],
    ['a head, and no request', record({ ...failed, status: 200, requests: 0, peer_saw: 'nothing' }, broken, null), ['exchanges.x.requests: at least 1 | 0']],
    ['a head at the page, and no request', record({ ...failed, requests: 0, peer_saw: 'nothing' }, { ...broken, status: 200 }, null), ['exchanges.x.requests: at least 1 | 0']],
    ['ended at the page, and no request', record({ ...failed, requests: 0, peer_saw: 'nothing' }, { end: 'ended', status: null, bytes: 0 }, null), ['exchanges.x.requests: at least 1 | 0']],
    ['completed, and the peer saw it broken off', record({ ...whole, peer_saw: 'aborted' }, null, null), ['exchanges.x.peer_saw: an answer that went through | aborted']],
    ['ended at the page, and the peer saw it broken off', record({ ...failed, status: 200, peer_saw: 'aborted' }, { ...page, bytes: 0 }, null), ['exchanges.x.peer_saw: an answer that went through | aborted']],
    ['completed, and the page says it failed', record(whole, { ...broken, status: 200 }, peer), ['witnessed.page.exchanges.x.end: ended | failed']],
    ['completed, and the page still waits', record(whole, { ...page, end: 'pending', bytes: null }, peer), ['witnessed.page.exchanges.x.end: ended | pending']],
    ['cancelled, and the page saw no cancel', record({ ...cancelled, cancelled: { page: false, peer: true } }, aborted, null), ['exchanges.x.cancelled.page: true | false']],
    ['cancelled, and the peer still waits', record({ ...cancelled, peer_saw: 'pending' }, aborted, null), ['exchanges.x.cancelled.peer: true | false']],
    ['failed, and the peer still waits', record({ ...failed, peer_saw: 'pending', cancelled: { page: true, peer: false } }, broken, null), []],
    ['broken off at the peer, and the page still waits', record({ ...failed, end: 'pending', peer_saw: 'aborted' }, { ...broken, end: 'pending' }, null), ['witnessed.page.exchanges.x.end: aborted | pending']],
    ['the same in a run that broke down', record({ ...failed, end: 'pending', peer_saw: 'aborted' }, { ...broken, end: 'pending' }, null, 'trap'), []],
    ['both still wait', record({ ...failed, end: 'pending', peer_saw: 'pending' }, { ...broken, end: 'pending' }, null), []],
    ['another status at the page', record(whole, { ...page, status: 201 }, { ...peer, status: 201 }), ['witnessed.page.exchanges.x.status: 200 | 201']],
    ['another status at the peer', record(whole, page, { ...peer, status: 404 }), ['witnessed.peer.exchanges.x.status: 200 | 404']],
    ['a status that the page is not shown', record({ ...whole, status: 0 }, { ...page, status: 0 }, { ...peer, status: 302 }), []],
    ['a status nobody told the subject', record({ ...whole, status: null }, page, peer), []],
    ['a status the page has not seen', record(whole, { ...page, status: null }, peer), []],
    ['a status the peer has not sent', record(whole, page, { ...peer, status: null }), []],
    ['another length at the page', record(whole, { ...page, bytes: 6 }, { ...peer, bytes: 6 }), ['witnessed.page.exchanges.x.bytes: 5 | 6']],
    ['another length at the peer', record(whole, page, { ...peer, bytes: 4 }), ['witnessed.peer.exchanges.x.bytes: 5 | 4']],
    ['a length that the way of reading hides', record(whole, { ...page, bytes: 0 }, peer), []],
    ['such a length against the peer', record(whole, { ...page, bytes: 0 }, { ...peer, bytes: 9 }), ['witnessed.peer.exchanges.x.bytes: 5 | 9']],
    ['no length at the peer', record(whole, page, { ...peer, bytes: null }), []],
    ['no length anywhere', record({ ...failed, status: 200 }, { ...page, bytes: 0 }, peer), []],
    ['a body that nobody read', record({ ...failed, status: 200 }, { ...page, bytes: 5 }, { ...peer, bytes: 7 }), ['witnessed.peer.exchanges.x.bytes: 5 | 7']],
  ])('%s', (_, one, findings) => expect(told(plain, one)).toEqual(findings))

  const answers = (...headers: Array<Record<string, string> | undefined>): Scenario => scenarioOf({
    peers: {
      w: { kind: 'websocket', connections: [{ handshake: { answer: 'accept' } }] },
      p: { kind: 'http', exchanges: [{ actions: [{ do: 'end' }] }, { actions: [...headers.map((given) => ({ do: 'head' as const, status: 200, ...(given ? { headers: given } : {}) })), { do: 'end' }] }] },
    },
  })
  const longer = record(whole, page, { ...peer, bytes: 3 })
  test('what was encoded on its way has another length there', () => {
    expect(told(answers({ 'Content-Encoding': 'gzip', 'x-other': '1' }), longer)).toEqual([])
    expect(told(answers(undefined, { 'content-encoding': 'br' }), longer)).toEqual([])
    expect(told(answers({ 'content-type': 'text/plain' }), longer)).toHaveLength(1)
    expect(told(answers(undefined), longer)).toHaveLength(1)
    expect(told(answers({}), longer)).toHaveLength(1)
    expect(told(scenarioOf({ peers: { p: { kind: 'refused' } } }), longer)).toHaveLength(1)
  })
})

describe('T0 virtual_transport_surface: the witnesses of a stream', () => {
  const record = (events: string[], connections: number, messages?: number): NormalizedRecord => ({
    ...empty, semantic: { ...empty.semantic, streams: { s: { events: events.map((event) => ({ id: '', event, data: '' })), events_after_close: 0, connections, last_event_ids: [] } } },
    witnessed: { ...empty.witnessed, page: { ...empty.witnessed.page, streams: messages === undefined ? {} : { s: { messages } } } },
  })
  test.each<[string, NormalizedRecord, string[]]>([
    ['all agree', record(['message', 'message'], 1, 2), []], ['no page', record(['message'], 1), []], ['nothing at all', record([], 0), []], ['nothing came', record([], 0, 0), []],
    ['more came in than was handed on', record(['message'], 1, 2), []], ['events with a name of their own', record(['message', 'named', 'named'], 1, 1), []],
    ['more was handed on than came in', record(['message', 'message'], 1, 1), ['witnessed.page.streams.s.messages: at least 2 | 1']],
    ['handed on, and no connection', record(['message'], 0), ['streams.s.connections: at least 1 | 0']],
    ['came in, and no connection', record([], 0, 1), ['streams.s.connections: at least 1 | 0']],
    ['a named event, and the page heard nothing', record(['named'], 0, 0), []],
  ])('%s', (_, one, findings) => expect(told(plain, one)).toEqual(findings))
})

describe('T0 virtual_transport_surface: the witnesses of a channel', () => {
  type Channel = SemanticRecord['channels'][string]
  type Page = Witnessed['page']['channels'][string]
  type Peer = Witnessed['peer']['channels'][string]
  const sound = recordOf(channelScenario(), channelTrace())
  const made = (change: Partial<Channel>, page: Partial<Page> = {}, peer: Partial<Peer> | null = {}): NormalizedRecord => ({
    ...sound, semantic: { ...sound.semantic, channels: { c: { ...sound.semantic.channels['c']!, ...change } } },
    witnessed: { page: { ...sound.witnessed.page, channels: { c: { ...sound.witnessed.page.channels['c']!, ...page } } }, peer: { ...sound.witnessed.peer, channels: peer === null ? {} : { c: { ...sound.witnessed.peer.channels['c']!, ...peer } } } },
  })
  const fields = (record: NormalizedRecord, scenario = channelScenario()): string[] => witnessFindings(scenario, record, 1).map(({ field }) => field)
  const [a, b, c] = [summarize('a'), summarize('b'), summarize('c')]
  const byPeer = { code: 1000, reason: 'bye', clean: true }
  const peerClosed: Partial<Channel> = { close: { initiator: 'peer', ...byPeer }, peer_close: { code: 1000, reason: '', clean: true } }
  const open = { op: 'socket.open' as const, channel: 'c', peer: 'p' }
  const twice = channelScenario({ tasks: { main: [open, open] } })

  test('a sound one', () => expect(fields(made({}))).toEqual([]))
  test('who closed had all delivered: the peer, at the page and at the subject', () => {
    const more = { ...peerClosed, peer_sent: [a, b] }
    expect(fields(made({ ...more, received: [a, b] }, { received: [a, b] }, { close_sent: byPeer }))).toEqual([])
    expect(fields(made({ ...more, received: [a] }, { received: [a, b] }, { close_sent: byPeer }))).toEqual(['channels.c.received.length'])
    expect(fields(made({ ...more, received: [a] }, { received: [a] }, { close_sent: byPeer }))).toEqual(['witnessed.page.channels.c.received.length'])
    expect(fields(made({ ...more, received: [a], close: { initiator: 'network', ...byPeer, clean: false }, peer_close: { ...byPeer, clean: false } }, { received: [a], close: { ...byPeer, clean: false } }))).toEqual([])
  })
  test('who closed had all delivered: the subject, at the page and at the peer', () => {
    expect(fields(made({ sent: [a, b], peer_received: [a, b] }, { sent: [a, b], sent_after: [0, 0] }))).toEqual([])
    expect(fields(made({ sent: [a, b], peer_received: [a] }, { sent: [a, b], sent_after: [0, 0] }))).toEqual(['channels.c.peer_received.length'])
    expect(fields(made({ sent: [a, b], peer_received: [a] }, { sent: [a], sent_after: [0] }))).toEqual(['witnessed.page.channels.c.sent.length'])
  })
  test('text and binary of the same bytes are not the same message', () => {
    const binary = summarize(new TextEncoder().encode('hello'))
    expect(fields(made({ peer_received: [binary] }))).toEqual(['channels.c.peer_received[0]'])
  })
  test('the peer\'s close is the one it asked for, where it was the one to close', () => {
    const asked = (close_sent: { code: number; reason: string } | null, change: Partial<Channel> = peerClosed): string[] => told(channelScenario(), made({ ...change, peer_sent: [], received: [] }, { received: [] }, { close_sent, sent_after: [] }))
    expect(asked({ code: 1000, reason: 'bye' })).toEqual([])
    expect(asked({ code: 1001, reason: 'bye' })).toEqual(['channels.c.close.code: 1001 | 1000'])
    expect(asked({ code: 1000, reason: 'so long' })).toEqual(['channels.c.close.reason: so long | bye'])
    expect(asked(null)).toEqual([])
    expect(asked({ code: 1001, reason: 'so long' }, {})).toEqual([])
  })
  test('a peer that tells nothing of its own is no contradiction', () => {
    expect(fields(made({ peer_sent: [], received: [] }, { received: [] }, null))).toEqual([])
    expect(fields(made({ ...peerClosed, peer_sent: [], received: [] }, { received: [] }, null))).toEqual([])
  })
  test('a close at one end is one at the other, if it was ever open', () => {
    expect(fields(made({ peer_close: null }))).toEqual(['channels.c.peer_close'])
    expect(fields(made({ peer_close: null, opened: false }))).toEqual([])
    expect(fields(made({ peer_close: null, close: null }))).toEqual([])
    expect(fields(made({}, { close: null }))).toEqual(['witnessed.page.channels.c.close'])
    expect(fields(made({ close: null }, { close: null }))).toEqual([])
  })
  test('a channel that is opened again may lose what was under way, but receives nothing else', () => {
    const lost = (got: typeof a[], sent = [a, b, c]): string[] => fields(made({ sent, peer_received: got }, { sent, sent_after: [] }), twice)
    expect([lost([a, b, c]), lost([c]), lost([a, c]), lost([])]).toEqual([[], [], [], []])
    expect(lost([c, a])).toEqual(['channels.c.peer_received[1]'])
    expect(lost([a, a])).toEqual(['channels.c.peer_received[1]'])
    expect(lost([summarize('never')])).toEqual(['channels.c.peer_received[0]'])
  })

  /** Three messages each way; by send, how many had come in before it. */
  const order = (page: number[], peer: number[], scenario = channelScenario()): string[] =>
    told(scenario, made({ sent: [a, b, c], peer_received: [a, b, c], peer_sent: [a, b, c], received: [a, b, c] }, { sent: [a, b, c], received: [a, b, c], sent_after: page }, { sent_after: peer }))
  test.each<[string, number[], number[], string[]]>([
    ['each answers each', [0, 1, 2], [1, 2, 3], []],
    ['the subject sends all at once', [0, 0, 0], [1, 2, 3], []],
    ['the peer sends all at once', [3, 3, 3], [0, 0, 0], []],
    ['nobody waits', [0, 0, 0], [0, 0, 0], []],
    ['the page waited for what the peer sent only then', [1, 2, 3], [1, 2, 3], ['witnessed.page.channels.c.received[0]: after 1 sent, as the peer says | after 0']],
    ['the second came in too soon for the peer', [0, 2, 2], [1, 2, 3], ['witnessed.page.channels.c.received[1]: after 2 sent, as the peer says | after 1']],
    ['the peer had all before it sent; the page says otherwise', [0, 1, 1], [3, 3, 3], ['witnessed.page.channels.c.received[0]: after 3 sent, as the peer says | after 1']],
  ])('order: %s', (_, page, peer, findings) => expect(order(page, peer)).toEqual(findings))
  test('order: what the page had received, the peer must have sent', () => {
    const came = (page: number[], peer: number[], received: typeof a[]): string[] =>
      told(channelScenario(), made({ sent: [a, b], peer_received: [a, b], peer_sent: [a, b, c], received }, { sent: [a, b], received, sent_after: page }, { sent_after: peer }))
    expect(came([0, 1], [1, 2, 2], [a])).toEqual([])
    expect(came([1, 1], [0, 2, 2], [a])).toEqual([])
    expect(came([2, 2], [0, 1, 2], [])).toEqual(['witnessed.page.channels.c.sent[0]: after at most 1 received, as the peer says | after 2'])
    expect(came([0, 2], [0, 2, 2], [])).toEqual(['witnessed.page.channels.c.sent[1]: after at most 1 received, as the peer says | after 2'])
  })
  test('order: connections of a reopened channel have none in common', () => expect(order([1, 2, 3], [1, 2, 3], twice)).toEqual([]))
})
