import { describe, expect, test } from 'vitest'
import { declaredHttpVersion, seenHttpVersion } from '../../../src/contract/http-version.js'
import type { ObservedField, SemanticRecord } from '../../../src/contract/record.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import { HTTP_VERSIONS } from '../../../src/contract/vocabulary.js'
import { peersFromModel } from '../../../src/judge/capture-facts.js'
import { agreementFindings } from '../../../src/judge/compare-agreement.js'
import { expectationFindings } from '../../../src/judge/compare-expectation.js'
import { judge } from '../../../src/judge/judge.js'
import { observabilityStatus } from '../../../src/judge/observability.js'
import { channelScenario, evidenceOf, exchangeScenario, exchangeTrace, recordOf, trace, type Tracer } from './traces.js'

const exchangeOf = (tracer: Tracer, scenario = exchangeScenario()): SemanticRecord['exchanges'][string] | undefined => recordOf(scenario, tracer).semantic.exchanges['x']
const fieldOf = (tracer: Tracer, field: ObservedField, scenario = exchangeScenario()) => recordOf(scenario, tracer).observability.find((one) => one.field === field)
const without = (tracer: Tracer, gone: (event: Tracer['events'][number]) => boolean): Tracer => ({ ...tracer, events: tracer.events.filter((event) => !gone(event)) })
const request = (name: string, transport: number, http_version = 'HTTP/2.0') => (tracer: Tracer): Tracer =>
  tracer.subject('exchange.sent', name).peer('peer.request', name, { method: 'GET', path: '', http_version, transport, last_event_id: '' })

describe('T0 http_surface: protocol-version mapping', () => {
  test('each version that a peer speaks is written down in one way, and nothing else is read as one', () => {
    expect(['HTTP/1.1', 'HTTP/2.0'].map(seenHttpVersion)).toEqual([...HTTP_VERSIONS])
    for (const other of ['HTTP/1.0', 'HTTP/3.0', 'HTTP/2', 'h2', '', 'toString']) expect(seenHttpVersion(other)).toBeNull()
  })
  test('a model that says nothing speaks http/1.1; what is no HTTP peer speaks none', () => {
    expect(declaredHttpVersion({ kind: 'http', exchanges: [{ actions: [] }] })).toBe('http/1.1')
    expect(declaredHttpVersion(exchangeScenario().peers['p'])).toBe('h2')
    expect([declaredHttpVersion({ kind: 'refused' }), declaredHttpVersion(channelScenario().peers['p']), declaredHttpVersion(undefined)]).toEqual([null, null, null])
  })
  test('the record has it as the peer saw it, of the last request; null when none came', () => {
    expect(exchangeOf(exchangeTrace())?.protocol_version).toBe('h2')
    expect(exchangeOf(exchangeTrace({ http_version: 'HTTP/1.1' }))?.protocol_version).toBe('http/1.1')
    expect(exchangeOf(exchangeTrace({ peer: false }))?.protocol_version).toBeNull()
    const redirected = trace().subject('exchange.sent', 'x').peer('peer.request', 'x', { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' })
      .peer('peer.request', 'x', { method: 'GET', path: '/next', http_version: 'HTTP/2.0', connection: 2, last_event_id: '' })
    expect(exchangeOf(redirected)).toMatchObject({ protocol_version: 'h2', requests: 2 })
  })
  test('it is a required field of the row wherever a peer is reached; a capture in which no peer recorded it is below the floor', () => {
    expect(fieldOf(exchangeTrace(), 'protocol_version')).toEqual({ field: 'protocol_version', class: 'observed', witnesses: ['peer'], required: true })
    expect(observabilityStatus(recordOf(exchangeScenario(), exchangeTrace()).observability)).toBe('met')
    for (const weak of [exchangeTrace({ peer: false }), exchangeTrace({ http_version: '' }), exchangeTrace({ http_version: 'HTTP/3.0' })]) {
      expect(fieldOf(weak, 'protocol_version')?.class).toBe('unsupported')
      expect(observabilityStatus(recordOf(exchangeScenario(), weak).observability)).toBe('below_floor')
    }
    expect(fieldOf(exchangeTrace(), 'protocol_version', exchangeScenario({ surface_family: 'virtual_transport_surface' }))).toBeUndefined()
  })
  test('a peer that speaks another version than its model is no peer of the model', () => {
    expect(peersFromModel(exchangeScenario(), exchangeTrace().events)).toBe(true)
    expect(peersFromModel(exchangeScenario(), exchangeTrace({ http_version: 'HTTP/1.1' }).events)).toBe(false)
    const plain = exchangeScenario({ peers: { p: { kind: 'http', exchanges: [{ actions: [] }] } } })
    expect(peersFromModel(plain, exchangeTrace().events)).toBe(false)
    expect(peersFromModel(plain, exchangeTrace({ http_version: 'HTTP/1.1' }).events)).toBe(true)
  })
})

describe('T0 http_surface: request and connection as the peer saw them', () => {
  test('the body of the last request; null when it did not come in whole', () => {
    expect(exchangeOf(exchangeTrace())?.request_body).toMatchObject({ length: 5 })
    expect(exchangeOf(without(exchangeTrace(), ({ kind }) => kind === 'peer.request_body'))?.request_body).toBeNull()
  })
  test('exchanges share a connection when their peers saw the same one, whichever peers they are', () => {
    const tracer = [request('a', 4), request('b', 4), request('c', 5)].reduce((all, add) => add(all), trace())
    const { exchanges } = recordOf(exchangeScenario(), tracer).semantic
    expect(Object.entries(exchanges).map(([name, { shares_connection }]) => [name, shares_connection])).toEqual([['a', ['b']], ['b', ['a']], ['c', []], ['x', []]])
  })

  const findings = (tracer: Tracer, scenario: Scenario = exchangeScenario()): string[] => expectationFindings(scenario, recordOf(scenario, tracer), 'live', 1).map(({ field }) => field)
  test('an expectation that names them is held to them', () => {
    expect(findings(exchangeTrace())).toEqual([])
    expect(findings(exchangeTrace({ body: 'hell' }))).toEqual(['exchanges.x.request_body'])
    expect(findings(exchangeTrace({ http_version: 'HTTP/1.1' }))).toEqual(['exchanges.x.protocol_version'])
    expect(findings(request('y', 1)(exchangeTrace()))).toContain('exchanges.x.shares_connection')
  })
  test('connections are shared with the exchanges that are named, in whatever order they are named', () => {
    const { x } = exchangeScenario().expect.exchanges
    const with_both = request('z', 1)(request('y', 1)(exchangeTrace()))
    const naming = (...shares_connection: string[]): Scenario => exchangeScenario({ expect: { exchanges: { x: { ...x!, shares_connection } } } })
    for (const order of [['z', 'y'], ['y', 'z']]) expect(findings(with_both, naming(...order))).not.toContain('exchanges.x.shares_connection')
    expect(findings(with_both, naming('z'))).toContain('exchanges.x.shares_connection')
  })
  test('what the expectation does not name must not have reached a peer', () => {
    const record = recordOf(exchangeScenario(), exchangeTrace())
    const [exchange, stream] = [record.semantic.exchanges['x']!, { events: [], events_after_close: 0, connections: 0, last_event_ids: [] }]
    const said = (exchanges: SemanticRecord['exchanges'], streams: SemanticRecord['streams'] = {}): unknown[] => {
      const found = expectationFindings(exchangeScenario(), { ...record, semantic: { ...record.semantic, exchanges: { x: exchange, ...exchanges }, streams } }, 'live', 1)
      return found.map(({ field, expected, found: got }) => [field, expected, got])
    }
    expect(said({ other: { ...exchange, requests: 0 } })).toEqual([])
    expect(said({ other: { ...exchange, requests: 1 } })).toEqual([['exchanges.other.requests', 'not named by the expectation', '1']])
    expect(said({}, { s: stream })).toEqual([])
    expect(said({}, { s: { ...stream, connections: 2 } })).toEqual([['streams.s.connections', 'not named by the expectation', '2']])
  })
  const { x } = exchangeScenario().expect.exchanges
  const silent = (parts: Partial<Scenario> = {}): Scenario => exchangeScenario({ ...parts, expect: { exchanges: { x: { end: x!.end, status: x!.status, peer_saw: x!.peer_saw } } } })
  const differing = (scenario: Scenario, lab: Tracer, live: Tracer): string[] => agreementFindings(scenario, recordOf(scenario, lab, 'lab'), recordOf(scenario, live), 1).map(({ field }) => field)
  test('lab and live agree on the version always, on connections where the scenario expects something of them', () => {
    expect(differing(silent(), exchangeTrace(), exchangeTrace({ http_version: 'HTTP/1.1' }))).toEqual(['exchanges.x.protocol_version'])
    const shared = (): Tracer => request('y', 1)(exchangeTrace())
    expect(differing(silent(), exchangeTrace(), shared()).filter((field) => field.startsWith('exchanges.x'))).toEqual([])
    expect(differing(exchangeScenario(), exchangeTrace(), shared()).filter((field) => field.startsWith('exchanges.x'))).toEqual(['exchanges.x.shares_connection[0]'])
    // Nor of an exchange that the scenario does not name at all.
    expect(differing(exchangeScenario({ expect: { exchanges: {} } }), exchangeTrace(), shared()).filter((field) => field.startsWith('exchanges.x'))).toEqual([])
  })
  // Two bodies that both came in whole were once let pass where no expectation named them: no host's choice tells one from the other.
  test('two request bodies that came in whole agree, whatever the scenario says of them', () => {
    const bodies = ['exchanges.x.request_body.length', 'exchanges.x.request_body.sha256']
    const unawaited = silent({ peers: { p: { kind: 'http', http_version: 'h2', exchanges: [{ actions: [{ do: 'head', status: 201 }, { do: 'end' }] }] } } })
    for (const scenario of [exchangeScenario(), silent(), unawaited, exchangeScenario({ expect: { exchanges: {} } })]) {
      expect(differing(scenario, exchangeTrace(), exchangeTrace({ body: 'hell' }))).toEqual(expect.arrayContaining(bodies))
      expect(differing(scenario, exchangeTrace(), exchangeTrace())).toEqual([])
    }
    expect(judge(evidenceOf(silent(), exchangeTrace(), [exchangeTrace({ body: 'hell' })])).verdict).toBe('semantic_mismatch')
  })
  test('a body that came in whole on one side alone is a difference where its script waits for it, or its expectation names it', () => {
    const cut = (): Tracer => without(exchangeTrace(), ({ kind }) => kind === 'peer.request_body')
    const at = ['exchanges.x.request_body']
    const waits = { actions: [{ do: 'await_body' as const }, { do: 'head' as const, status: 201 }] }
    const answers = { actions: [{ do: 'head' as const, status: 201 }] }
    const scripted = (...exchanges: Array<typeof waits | typeof answers>): Scenario => silent({ peers: { p: { kind: 'http', http_version: 'h2', exchanges } } })
    const CASES: Array<[scenario: Scenario, differs: boolean]> = [
      [silent(), true], [exchangeScenario(), true], [scripted(waits), true], [scripted(answers), false], [scripted(waits, answers), true], [scripted(answers, waits), false],
      [silent({ peers: {} }), false], [silent({ peers: { p: { kind: 'refused' } } }), false], [exchangeScenario({ peers: { p: { kind: 'http', exchanges: [answers] } } }), true],
    ]
    for (const [scenario, differs] of CASES) {
      expect(differing(scenario, exchangeTrace(), cut())).toEqual(differs ? at : [])
      expect(differing(scenario, cut(), exchangeTrace())).toEqual(differs ? at : [])
      expect(differing(scenario, cut(), cut())).toEqual([])
    }
    // The n-th request of an exchange has the n-th script, and the last one repeats.
    const again = (tracer: Tracer): Tracer => ({
      ...tracer, events: [...trace().peer('peer.request', 'x', { method: 'POST', path: '', http_version: 'HTTP/2.0', last_event_id: '' }).events, ...tracer.events.map((event) => (event.witness === 'peer' ? { ...event, connection: 2 } : event))],
    })
    expect(differing(scripted(answers, waits), again(exchangeTrace()), again(cut()))).toEqual(at)
    expect(differing(scripted(waits, answers), again(exchangeTrace()), again(cut()))).toEqual([])
    expect(differing(scripted(waits), again(exchangeTrace()), again(cut()))).toEqual(at)
    // Names longer than a letter are names, too; what no step sends has no script.
    const nothing = exchangeScenario({ expect: { exchanges: {} } })
    const record = recordOf(nothing, exchangeTrace(), 'lab')
    const renamed = (request_body: SemanticRecord['exchanges'][string]['request_body']): typeof record => ({ ...record, semantic: { ...record.semantic, exchanges: { long_name: { ...record.semantic.exchanges['x']!, request_body } } } })
    expect(agreementFindings(nothing, renamed(null), renamed({ kind: 'binary', length: 1, sha256: 'a'.repeat(64) }), 1)).toEqual([])
  })
})

describe('T4 http_surface: weak and false artifacts through the judge', () => {
  const judged = (live: Tracer, more = {}) => judge(evidenceOf(exchangeScenario(), exchangeTrace(), [live], { peers_from_model: peersFromModel(exchangeScenario(), live.events), ...more }))
  test('what is in order is parity', () => expect(judged(exchangeTrace())).toMatchObject({ verdict: 'parity', eligibility_verdict: 'eligible' }))
  test.each([
    ['no peer event at all', exchangeTrace({ peer: false }), {}, 'blocked_missing_observability', 'exchange_end'],
    ['a peer that wrote down no version', exchangeTrace({ http_version: '' }), {}, 'blocked_missing_observability', 'protocol_version'],
    ['a peer that spoke another version than its model', exchangeTrace({ http_version: 'HTTP/1.1' }), {}, 'blocked_missing_virtualization', 'peers'],
    ['no page witness', without(exchangeTrace(), ({ witness }) => witness === 'page'), {}, 'blocked_missing_observability', 'cleanup'],
    ['no capture manifest', exchangeTrace(), { capture_manifest_path: null }, 'blocked_missing_observability', 'capture_manifest_path'],
    ['no normalized record', exchangeTrace(), { normalized_record_path: null }, 'blocked_missing_observability', 'normalized_record_path'],
  ])('%s is an invalid experiment', (_what, live, more, eligibility_verdict, field) => {
    const { findings, ...judgement } = judged(live, more)
    expect(judgement).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict })
    expect(findings.map((finding) => finding.field)).toContain(field)
  })
})

describe('T4 http_surface: which break is told first, and what the lab alone decides', () => {
  const { x } = exchangeScenario().expect.exchanges
  const silent = exchangeScenario({ expect: { exchanges: { x: { end: x!.end, status: x!.status, peer_saw: x!.peer_saw } } } })
  const sentMore = (): Tracer => ({ ...exchangeTrace(), events: exchangeTrace().events.map((event) => (event.kind === 'peer.body_sent' ? { ...event, bytes: 6 } : event)) })
  test('what the witnesses of one attempt disagree in says more than that another attempt differs from the lab', () => {
    const judged = judge(evidenceOf(silent, exchangeTrace(), [exchangeTrace({ http_version: 'HTTP/1.1' }), sentMore()]))
    expect(judged.findings.map(({ law, attempt }) => [law, attempt])).toEqual([['lab_live_agreement', 1], ['witness_agreement', 2]])
    expect(judged).toMatchObject({ verdict: 'semantic_mismatch', reason: expect.stringMatching(/^live: .*bytes expected /) as string })
  })
  test('a lab whose own witnesses disagree is a mismatch, however often the live side is sound', () => {
    expect(judge(evidenceOf(exchangeScenario(), sentMore(), [exchangeTrace(), exchangeTrace()]))).toMatchObject({ verdict: 'semantic_mismatch', reason: expect.stringMatching(/^lab: .*bytes expected /) as string })
  })
})
