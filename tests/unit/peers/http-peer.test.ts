import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HttpAction } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import { startHttpPeer, stepHttpPeer } from '../../../src/peers/machine.js'
import type { HttpInput, HttpOutput } from '../../../src/peers/machine-types.js'

const request: HttpInput = { type: 'request', method: 'GET', path: 'next', http_version: 'HTTP/1.1', transport: 3, last_event_id: '7' }
const body: HttpInput = { type: 'body', data: Uint8Array.of(1, 2, 3) }
const elapsed: HttpInput = { type: 'elapsed' }
const gone: HttpInput = { type: 'client_gone' }
const head: HttpAction = { do: 'head', status: 200, headers: { 'content-type': 'text/plain' } }
const write = (text: string, count?: number): HttpAction => ({ do: 'body', message: { kind: 'text', text, count } })
const end: HttpAction = { do: 'end' }

function play(actions: HttpAction[], inputs: HttpInput[]): HttpOutput[][] {
  let state = startHttpPeer({ actions })
  return inputs.map((input) => {
    const next = stepHttpPeer(state, input)
    state = next.state
    return next.outputs
  })
}
const words = (outputs: HttpOutput[]): string[] => outputs.map((output) => {
  switch (output.type) {
    case 'record': return `record ${output.event.kind}`
    case 'head': return `head ${output.status}`
    case 'body': return `body ${new TextDecoder().decode(output.data)}`
    case 'raw': return `raw ${output.text}`
    case 'wait': return `wait ${output.ticks}`
    default: return output.type
  }
})

describe('T0 virtual_transport_surface: an HTTP peer answers', () => {
  it('records the request, then head, body and end, each before the act', () => {
    const [outputs = []] = play([head, write('ab'), end], [request])
    expect(words(outputs)).toEqual(['record peer.request', 'record peer.head_sent', 'head 200', 'record peer.body_sent', 'body ab', 'record peer.ended', 'end'])
    expect(outputs[0]).toEqual({ type: 'record', event: { kind: 'peer.request', method: 'GET', path: 'next', http_version: 'HTTP/1.1', transport: 3, last_event_id: '7' } })
    expect(outputs[2]).toEqual({ type: 'head', status: 200, headers: { 'content-type': 'text/plain' } })
    expect(outputs[3]).toEqual({ type: 'record', event: { kind: 'peer.body_sent', bytes: 2 } })
  })

  it('counts bytes, not characters, and writes a counted text piece by piece', () => {
    const [outputs = []] = play([head, write('é', 2), { do: 'raw', text: 'é!' }], [request])
    expect(words(outputs).filter((word) => word.startsWith('body'))).toEqual(['body é-0', 'body é-1'])
    expect(outputs).toContainEqual({ type: 'record', event: { kind: 'peer.body_sent', bytes: 4 } })
    expect(outputs).toContainEqual({ type: 'record', event: { kind: 'peer.raw_sent', bytes: 3 } })
  })

  it('holds at a wait until it has elapsed', () => {
    expect(play([head, { do: 'wait', ticks: 3 }, write('a'), end], [elapsed, request, elapsed, elapsed]).map(words)).toEqual([
      [], ['record peer.request', 'record peer.head_sent', 'head 200', 'wait 3'], ['record peer.body_sent', 'body a', 'record peer.ended', 'end'], [],
    ])
  })

  it('awaits the body of the request, also when it came before it was awaited', () => {
    const actions: HttpAction[] = [{ do: 'await_body' }, head, end]
    const answer = ['record peer.head_sent', 'head 200', 'record peer.ended', 'end']
    const outputs = play(actions, [request, body, body])
    expect(outputs.map(words)).toEqual([['record peer.request'], ['record peer.request_body', ...answer], []])
    expect(outputs[1]?.[0]).toEqual({ type: 'record', event: { kind: 'peer.request_body', body: summarize(Uint8Array.of(1, 2, 3)) } })
    expect(play([{ do: 'wait', ticks: 1 }, ...actions], [request, body, elapsed]).map(words)).toEqual([['record peer.request', 'wait 1'], ['record peer.request_body'], answer])
  })

  it('takes no second request on one exchange', () => {
    expect(play([head], [request, request]).map((outputs) => outputs.length)).toEqual([3, 0])
  })
})

describe('T0 virtual_transport_surface: an HTTP peer sees or makes the end', () => {
  it('records a client that left once, and plays nothing more', () => {
    expect(play([head, { do: 'wait', ticks: 1 }, write('late'), end], [request, gone, elapsed, gone, body]).slice(1).map(words)).toEqual([['record peer.aborted'], [], [], []])
  })

  it('does not call it aborted after its own end or destruction', () => {
    expect(play([head, end], [request, gone]).map(words)[1]).toEqual([])
    expect(play([head, { do: 'destroy' }, write('never')], [request, gone]).map(words)).toEqual([['record peer.request', 'record peer.head_sent', 'head 200', 'record peer.destroyed', 'destroy'], []])
  })

  it('records a client that left a peer with nothing to say', () => {
    expect(play([], [gone, request, gone]).map(words)).toEqual([[], ['record peer.request'], ['record peer.aborted']])
  })
})

const scripts: fc.Arbitrary<HttpAction[]> = fc.array(fc.oneof(
  fc.constant(head), fc.string({ maxLength: 4 }).map((text) => write(text)), fc.constant(end), fc.constant({ do: 'destroy' as const }), fc.constant({ do: 'await_body' as const }),
  fc.nat(3).map((ticks) => ({ do: 'wait' as const, ticks })), fc.constant({ do: 'raw' as const, text: '??' }),
), { maxLength: 8 })
const inputs = fc.array(fc.constantFrom(body, elapsed, elapsed, gone, request), { maxLength: 12 }).map((rest) => [request, ...rest])

describe('T0 virtual_transport_surface: laws of an HTTP peer, for any script and any inputs', () => {
  it('has one end at most: ended, destroyed or aborted', () => fc.assert(fc.property(scripts, inputs, (actions, given) => {
    const ends = words(play(actions, given).flat()).filter((word) => ['record peer.ended', 'record peer.destroyed', 'record peer.aborted'].includes(word))
    expect(ends.length).toBeLessThanOrEqual(1)
  })))

  it('acts no more after its end', () => fc.assert(fc.property(scripts, inputs, (actions, given) => {
    const outputs = play(actions, given).flat()
    const over = outputs.findIndex((output) => output.type === 'end' || output.type === 'destroy' || (output.type === 'record' && output.event.kind === 'peer.aborted'))
    if (over >= 0) expect(outputs.slice(over + 1).filter((output) => output.type !== 'record')).toEqual([])
  })))

  it('acts in the order of its script', () => fc.assert(fc.property(scripts, inputs, (actions, given) => {
    const acts = play(actions, given).flat().filter((output) => output.type !== 'record').map((output) => output.type)
    const scripted = actions.map((action) => action.do).filter((what) => what !== 'await_body')
    expect(acts).toEqual(scripted.slice(0, acts.length))
  })))

  it('leaves the state it was given as it was', () => fc.assert(fc.property(scripts, inputs, (actions, given) => {
    let state = startHttpPeer({ actions })
    for (const input of given) {
      const before = structuredClone(state)
      const once = stepHttpPeer(state, input)
      expect(state).toEqual(before)
      expect(stepHttpPeer(state, input)).toEqual(once)
      state = once.state
    }
  })))
})
