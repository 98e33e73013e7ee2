import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SocketAction, SocketConnectionScript } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import { startSocketPeer, stepSocketPeer } from '../../../src/peers/machine.js'
import type { SocketInput, SocketOutput } from '../../../src/peers/machine-types.js'

const accepting = (rest: Omit<SocketConnectionScript, 'handshake'> = {}): SocketConnectionScript => ({ handshake: { answer: 'accept' }, ...rest })
const handshake: SocketInput = { type: 'handshake', protocols: [] }
const message = (data: string): SocketInput => ({ type: 'message', data })
const elapsed: SocketInput = { type: 'elapsed' }
const closed: SocketInput = { type: 'closed', code: 1000, reason: 'bye', clean: true }

function play(script: SocketConnectionScript, inputs: SocketInput[]): SocketOutput[][] {
  let state = startSocketPeer(script)
  return inputs.map((input) => {
    const next = stepSocketPeer(state, input)
    state = next.state
    return next.outputs
  })
}
/** One word an output, as in `send one` or `record peer.sent`. */
const words = (outputs: SocketOutput[]): string[] => outputs.map((output) => {
  switch (output.type) {
    case 'record': return `record ${output.event.kind}`
    case 'send': return `send ${String(output.data)}`
    case 'accept': return `accept ${output.protocol}`
    case 'reject': return `reject ${output.status}`
    case 'close': return `close ${output.code} ${output.reason}`
    case 'wait': return `wait ${output.ticks}`
    case 'terminate': return 'terminate'
  }
})

describe('T0 virtual_transport_surface: a WebSocket peer shakes hands', () => {
  it('accepts with its protocol, then plays what it does on open', () => {
    const script: SocketConnectionScript = { handshake: { answer: 'accept', protocol: 'chat' }, on_open: [{ do: 'send', message: { kind: 'text', text: 'hi' } }] }
    const [outputs = []] = play(script, [{ type: 'handshake', protocols: ['chat', 'talk'] }])
    expect(words(outputs)).toEqual(['record peer.connected', 'record peer.accepted', 'accept chat', 'record peer.sent', 'send hi'])
    expect(outputs[0]).toEqual({ type: 'record', event: { kind: 'peer.connected', protocols: ['chat', 'talk'] } })
    expect(outputs[1]).toEqual({ type: 'record', event: { kind: 'peer.accepted', protocol: 'chat' } })
    expect(outputs[3]).toEqual({ type: 'record', event: { kind: 'peer.sent', message: summarize('hi') } })
  })

  it('rejects with its status and plays nothing more', () => {
    const outputs = play({ handshake: { answer: 'reject', status: 403 } }, [handshake, message('a'), elapsed, closed])
    expect(outputs.map(words)).toEqual([['record peer.connected', 'record peer.rejected', 'reject 403'], [], [], []])
  })

  it('never answers: it records the connection and nothing else', () => {
    expect(play({ handshake: { answer: 'never' } }, [handshake, closed]).map(words)).toEqual([['record peer.connected'], []])
  })

  it('takes no second handshake and nothing before the first', () => {
    expect(play(accepting(), [message('early'), closed, handshake, handshake]).map(words)).toEqual([[], [], ['record peer.connected', 'record peer.accepted', 'accept '], []])
  })
})

describe('T0 virtual_transport_surface: a WebSocket peer answers messages', () => {
  const echo: SocketAction = { do: 'echo' }
  const say = (text: string, count?: number): SocketAction => ({ do: 'send', message: { kind: 'text', text, count } })

  it('runs all matching rules in order; nth counts from 1', () => {
    const script = accepting({ on_message: [{ actions: [echo] }, { nth: 2, actions: [say('second')] }] })
    expect(play(script, [handshake, message('a'), message('b'), message('c')]).slice(1).map(words)).toEqual([
      ['record peer.message', 'record peer.sent', 'send a'],
      ['record peer.message', 'record peer.sent', 'send b', 'record peer.sent', 'send second'],
      ['record peer.message', 'record peer.sent', 'send c'],
    ])
  })

  it('queues first-in first-out while a wait holds it, and still records messages as they come', () => {
    const script = accepting({ on_open: [say('1'), { do: 'wait', ticks: 5 }, say('2')], on_message: [{ actions: [echo, { do: 'wait', ticks: 3 }] }] })
    expect(play(script, [handshake, message('a'), message('b'), elapsed, elapsed, elapsed, elapsed]).map(words)).toEqual([
      ['record peer.connected', 'record peer.accepted', 'accept ', 'record peer.sent', 'send 1', 'wait 5'],
      ['record peer.message'],
      ['record peer.message'],
      ['record peer.sent', 'send 2', 'record peer.sent', 'send a', 'wait 3'],
      ['record peer.sent', 'send b', 'wait 3'],
      [],
      [],
    ])
  })

  it('numbers a counted text and echoes binary as binary', () => {
    const script = accepting({ on_open: [say('m', 3)], on_message: [{ actions: [echo] }] })
    const bytes = Uint8Array.of(0, 255)
    const [first = [], second = []] = play(script, [handshake, { type: 'message', data: bytes }])
    expect(words(first).filter((word) => word.startsWith('send'))).toEqual(['send m-0', 'send m-1', 'send m-2'])
    expect(second).toContainEqual({ type: 'send', data: bytes })
    expect(second[0]).toEqual({ type: 'record', event: { kind: 'peer.message', message: summarize(bytes) } })
  })
})

describe('T0 virtual_transport_surface: a WebSocket peer ends', () => {
  const leave = (action: SocketAction): SocketConnectionScript => accepting({ on_message: [{ nth: 1, actions: [action, { do: 'echo' }] }, { nth: 1, actions: [{ do: 'echo' }] }] })

  it('sends nothing after its close, but records what crosses it and the end', () => {
    const outputs = play(leave({ do: 'close', code: 3001, reason: 'over' }), [handshake, message('a'), message('crossing'), closed, closed, message('late')])
    expect(outputs.slice(1).map(words)).toEqual([['record peer.message', 'record peer.close_sent', 'close 3001 over'], ['record peer.message'], ['record peer.closed'], [], []])
    expect(outputs[3]).toEqual([{ type: 'record', event: { kind: 'peer.closed', code: 1000, reason: 'bye', clean: true } }])
  })

  it('neither sends nor hears anything after it broke off', () => {
    const outputs = play(leave({ do: 'terminate' }), [handshake, message('a'), message('b'), elapsed, closed])
    expect(outputs.slice(1).map(words)).toEqual([['record peer.message', 'record peer.terminated', 'terminate'], [], [], ['record peer.closed']])
  })

  it('drops what a wait held when the subject closes', () => {
    const script = accepting({ on_open: [{ do: 'wait', ticks: 1 }, { do: 'send', message: { kind: 'text', text: 'late' } }] })
    expect(play(script, [handshake, closed, elapsed]).slice(1).map(words)).toEqual([['record peer.closed'], []])
  })
})

const actions: fc.Arbitrary<SocketAction[]> = fc.array(fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), message: fc.record({ kind: fc.constant('text' as const), text: fc.string({ maxLength: 4 }) }) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'echo' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ticks: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'close' as const, code: 1000 }) },
  { weight: 1, arbitrary: fc.constant({ do: 'terminate' as const }) },
), { maxLength: 5 })
const scripts: fc.Arbitrary<SocketConnectionScript> = fc.record({
  handshake: fc.oneof({ weight: 6, arbitrary: fc.constant({ answer: 'accept' as const }) }, fc.constant({ answer: 'reject' as const, status: 403 }), fc.constant({ answer: 'never' as const })),
  on_open: actions,
  on_message: fc.array(fc.record({ nth: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }), actions }), { maxLength: 3 }),
})
const inputs: fc.Arbitrary<SocketInput[]> = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 4 }).map(message) }, { weight: 4, arbitrary: fc.constant(elapsed) }, { weight: 1, arbitrary: fc.constant(closed) }, { weight: 1, arbitrary: fc.constant(handshake) },
), { maxLength: 25 }).map((rest) => [handshake, ...rest])

describe('T0 virtual_transport_surface: laws of a WebSocket peer, for any script and any inputs', () => {
  it('acts once at most on ending, and never sends, waits or ends after it', () => fc.assert(fc.property(scripts, inputs, (script, given) => {
    const acts = play(script, given).flat().filter((output) => output.type !== 'record')
    const end = acts.findIndex((output) => output.type === 'close' || output.type === 'terminate' || output.type === 'reject')
    if (end >= 0) expect(acts.slice(end + 1)).toEqual([])
  })))

  it('records one end at most, and nothing after it', () => fc.assert(fc.property(scripts, inputs, (script, given) => {
    const all = words(play(script, given).flat())
    const end = all.indexOf('record peer.closed')
    if (end >= 0) expect(all.slice(end + 1)).toEqual([])
  })))

  it('records a send, a close and a termination right before the act', () => fc.assert(fc.property(scripts, inputs, (script, given) => {
    const all = words(play(script, given).flat())
    const recorded: Record<string, string> = { send: 'record peer.sent', close: 'record peer.close_sent', terminate: 'record peer.terminated' }
    for (const [index, word] of all.entries()) {
      const wanted = recorded[word.split(' ')[0] ?? '']
      if (wanted !== undefined) expect(all[index - 1]).toBe(wanted)
    }
  })))

  it('records the messages it heard, in order, and all of them while the connection stands', () => fc.assert(fc.property(scripts, inputs, (script, given) => {
    const outputs = play(script, given)
    const heard = outputs.flat().flatMap((output) => (output.type === 'record' && output.event.kind === 'peer.message' ? [output.event.message] : []))
    const sent = given.flatMap((input) => (input.type === 'message' ? [summarize(input.data)] : []))
    expect(heard).toEqual(sent.slice(0, heard.length))
    const over = words(outputs.flat()).some((word) => word === 'terminate' || word === 'record peer.closed')
    if (script.handshake.answer === 'accept' && !over) expect(heard).toHaveLength(sent.length)
  })))

  it('keeps one wait open at most', () => fc.assert(fc.property(scripts, inputs, (script, given) => {
    let open = false
    for (const [index, outputs] of play(script, given).entries()) {
      if (given[index]?.type === 'elapsed') open = false
      for (const output of outputs) {
        if (output.type !== 'wait') continue
        expect(open).toBe(false)
        open = true
      }
    }
  })))

  it('leaves the state it was given as it was, so that a step can be taken again', () => fc.assert(fc.property(scripts, inputs, (script, given) => {
    let state = startSocketPeer(script)
    for (const input of given) {
      const before = structuredClone(state)
      const once = stepSocketPeer(state, input)
      expect(state).toEqual(before)
      expect(stepSocketPeer(state, input)).toEqual(once)
      state = once.state
    }
  })))
})
