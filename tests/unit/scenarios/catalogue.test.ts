import { describe, expect, it } from 'vitest'
import { ScenarioSchema } from '../../../src/contract/scenario.js'
import { CATALOGUE, findScenarios } from '../../../src/scenarios/catalogue.js'
import { checkScenario } from '../../../src/scenarios/validate.js'

const ids = CATALOGUE.map((scenario) => scenario.id)

/** What the catalogue promises to cover, and the scenarios that do. */
const TIMER_ITEMS: Record<string, string[]> = {
  'distinct deadlines in order': ['timer.order.distinct'],
  'equal deadlines first-in first-out': ['timer.order.equal'],
  'cancel before firing': ['timer.cancel.before_fire'],
  'cancel after firing is a no-op': ['timer.cancel.after_fire'],
  'cancel inside a callback, of itself': ['timer.cancel.own_callback'],
  'cancel inside a callback, of a later one': ['timer.cancel.later_in_callback'],
  'zero delay after microtasks': ['timer.zero.after_microtasks'],
  'nested timers': ['timer.nested.chain', 'timer.nested.zero'],
  'interval counted and cancelled': ['timer.interval.counted'],
  'interval cancelled inside its own tick': ['timer.interval.own_tick'],
  'deadline met': ['timer.deadline.met'],
  'deadline exceeded': ['timer.deadline.exceeded'],
  'deadline cancelled': ['timer.deadline.cancelled'],
  'deadline expired on arrival': ['timer.deadline.on_arrival'],
  'abort racing a timer': ['timer.abort.wins_race', 'timer.abort.loses_race'],
  reschedule: ['timer.reschedule.later', 'timer.reschedule.sooner'],
  'delays beyond 2^31-1 ms': ['timer.delay.past_int32', 'timer.delay.past_uint32'],
  'a thousand timers': ['timer.many.thousand'],
  'shutdown with timers pending leaves none': ['timer.shutdown.pending'],
}
const TRANSPORT_ITEMS: Record<string, string[]> = {
  'order of many messages from the peer': ['websocket.order.from_peer'],
  'order of many messages to the peer': ['websocket.order.to_peer'],
  'order of many messages interleaved': ['websocket.order.interleaved'],
  'text messages': ['websocket.message.text'],
  'binary messages': ['websocket.message.binary'],
  'empty messages': ['websocket.message.empty'],
  '1 MiB messages': ['websocket.message.large', 'fetch.plain.post'],
  'subprotocol chosen': ['websocket.subprotocol.chosen'],
  'clean close by the subject with code and reason': ['websocket.close.by_subject', 'websocket.close.without_code'],
  'clean close by the peer with code and reason': ['websocket.close.by_peer'],
  'close with data in flight': ['websocket.close.in_flight_from_peer', 'websocket.close.in_flight_to_peer'],
  'abnormal close (1006)': ['websocket.close.abnormal'],
  'refused connection': ['websocket.connect.refused', 'fetch.connect.refused'],
  'rejected upgrade': ['websocket.connect.rejected'],
  'send after close': ['websocket.send.after_close'],
  'cancel before a body, the peer seeing it': ['fetch.cancel.before_body'],
  'cancel during a body, the peer seeing it': ['fetch.cancel.during_body'],
  'cancel after a body': ['fetch.cancel.after_body'],
  'peer that never answers, ended by a deadline': ['websocket.connect.never_answered', 'websocket.deadline.silent_peer', 'fetch.deadline.never_answers', 'sse.deadline.silent_peer'],
  'slow chunks': ['fetch.stream.slow_chunks'],
  'truncated bodies': ['fetch.truncated.content_length', 'fetch.truncated.chunked'],
  'malformed bodies': ['fetch.malformed.head', 'fetch.malformed.chunk'],
  redirects: ['fetch.redirect.followed', 'fetch.redirect.refused'],
  reconnect: ['websocket.reconnect'],
  'SSE with ids, retry and resume': ['sse.fields', 'sse.resume'],
  'many channels at once': ['websocket.many_channels'],
  'shutdown with channels open leaves none': ['websocket.shutdown.open', 'fetch.shutdown.open', 'sse.shutdown.open'],
  'plain fetch': ['fetch.plain.get'],
}

const HTTP_ITEMS: Record<string, string[]> = {
  'an answer ended by its length': ['http.response.content_length'],
  'an answer ended by its last chunk': ['http.response.chunked'],
  'an answer ended by its connection': ['http.response.connection_close'],
  'answers without a body': ['http.response.no_body', 'http.h2.put_no_body'],
  'a body larger than one chunk': ['http.response.large', 'http.request.put_large', 'http.h2.post'],
  'status classes': ['http.response.status_classes'],
  'a request\'s body seen whole by the peer': ['http.request.post', 'http.request.put_large', 'http.h2.post'],
  'an answer before the request is read': ['http.request.answered_early'],
  'a redirect': ['http.request.see_other'],
  'a connection broken off before a head and in a body': ['http.request.cut_before_head', 'http.request.cut_mid_body'],
  'a deadline before a head, in a body, and met': ['http.deadline.before_head', 'http.deadline.mid_body', 'http.deadline.in_time', 'http.h2.deadline'],
  'a cancel before a head and in a body': ['http.cancel.before_head', 'http.cancel.mid_body', 'http.h2.cancel'],
  'shutdown with exchanges in flight leaves none': ['http.shutdown.in_flight', 'http.h2.shutdown'],
  'two exchanges at once': ['http.response.concurrent', 'http.h2.multiplexed'],
  'HTTP/2: one stream reset by its peer': ['http.h2.reset_before_head', 'http.h2.reset_mid_body'],
  'HTTP/2: a plain answer': ['http.h2.get'],
}

describe('T0 timer_surface: the catalogue', () => {
  it.each(Object.entries(TIMER_ITEMS))('covers: %s', (_item, covering) => expect(ids).toEqual(expect.arrayContaining(covering)))
  it('has at least 16 timer scenarios', () => expect(CATALOGUE.filter((scenario) => scenario.surface_family === 'timer_surface').length).toBeGreaterThanOrEqual(16))
  it('reports on a deadline wherever it has one', () => {
    for (const { id, deadlines, logical_deadline_id } of CATALOGUE) expect(logical_deadline_id === null, id).toBe(Object.keys(deadlines).length === 0)
  })
})

describe('T0 virtual_transport_surface: the catalogue', () => {
  it.each(Object.entries(TRANSPORT_ITEMS))('covers: %s', (_item, covering) => expect(ids).toEqual(expect.arrayContaining(covering)))
  it('has at least 20 transport scenarios', () => expect(CATALOGUE.filter((scenario) => scenario.surface_family === 'virtual_transport_surface').length).toBeGreaterThanOrEqual(20))
  it('gives no two scenarios one id or one title', () => {
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(CATALOGUE.map((scenario) => scenario.title)).size).toBe(ids.length)
  })
  it.each(CATALOGUE.map((scenario) => [scenario.id, scenario] as const))('%s is data: it comes back from JSON the same, and valid', (id, scenario) => {
    const travelled: unknown = JSON.parse(JSON.stringify(scenario))
    expect(checkScenario(travelled, id)).toEqual(ScenarioSchema.parse(scenario))
  })
  it('smokes every surface it has', () => {
    const smoke = CATALOGUE.filter((scenario) => scenario.tiers.includes('T2'))
    expect(new Set(smoke.map((scenario) => scenario.surface_family))).toEqual(new Set(CATALOGUE.map((scenario) => scenario.surface_family)))
    expect(smoke.length).toBeLessThan(CATALOGUE.length)
  })
})

describe('T0 http_surface: the catalogue', () => {
  const own = CATALOGUE.filter((scenario) => scenario.surface_family === 'http_surface')
  it.each(Object.entries(HTTP_ITEMS))('covers: %s', (_item, covering) => expect(ids).toEqual(expect.arrayContaining(covering)))
  it('has at least 14 scenarios, of the row and of no other', () => {
    expect(own.length).toBeGreaterThanOrEqual(14)
    expect(own.map((scenario) => scenario.id)).toEqual(ids.filter((id) => id.startsWith('http.')))
  })
  it.each(own.map((scenario) => [scenario.id, scenario] as const))('%s expects of each exchange the version that its peer declares', (id, scenario) => {
    for (const exchange of Object.values(scenario.expect.exchanges)) expect(exchange.protocol_version).toBe(id.startsWith('http.h2.') ? 'h2' : 'http/1.1')
  })
})

describe('T0 timer_surface: finding scenarios', () => {
  const found = (glob: string): string[] => findScenarios(glob).map((scenario) => scenario.id)
  it('takes an id as it is', () => expect(found('timer.order.equal')).toEqual(['timer.order.equal']))
  it('lets * stand for anything, dots too', () => {
    expect(found('timer.order.*')).toEqual(['timer.order.distinct', 'timer.order.equal'])
    expect(found('timer.*')).toEqual(ids.filter((id) => id.startsWith('timer.')))
  })
  it('takes braces', () => expect(found('fetch.{truncated,malformed}.*')).toHaveLength(4))
  it('finds all with **', () => expect(found('**')).toEqual(ids))
  it('takes a dot for a dot', () => expect(() => findScenarios('timerxorder.equal')).toThrowError(expect.objectContaining({ code: 'unknown_scenario' })))
  it('names the nearest when there is none', () => {
    expect(() => findScenarios('timer.order.eqal')).toThrowError(expect.objectContaining({ code: 'unknown_scenario', message: "no scenario matches 'timer.order.eqal'", hint: expect.stringContaining('timer.order.equal') }))
  })
})
