import { describe, expect, it } from 'vitest'
import { runLabTwice } from '../../../src/lab/run-lab.js'
import { artifactOf, logged, logs, run, scenarioOf } from './scripts.js'

/** Everything that could tell two runs, two machines or two moments apart. */
const SOURCES = `
  const say = (name, value) => log(name + '=' + value)
  say('random', [Math.random(), Math.random()])
  say('bytes', [...crypto.getRandomValues(new Uint8Array(9))])
  say('uuid', crypto.randomUUID())
  say('now', Date.now())
  say('new', new Date().toISOString())
`

describe('T2 timer_surface: two runs of the lab', () => {
  it('have equal hashes, events and traces, over timers, sockets, requests and rejections', async () => {
    const body = `${SOURCES}
      const socket = new WebSocket(wsAt('p', 'c'))
      socket.onopen = () => { for (let n = 0; n < 20; n++) socket.send('m' + n) }
      socket.onmessage = ({ data }) => log(data)
      setTimeout(() => Promise.reject(new Error('nobody')), 3)
      addEventListener('unhandledrejection', () => log('unhandled'))
      const compiled = await Promise.all([WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), crypto.subtle.digest('SHA-256', new Uint8Array(10))])
      log(String(compiled.length))
      for (let n = 0; n < 50; n++) { await sleep(Math.floor(Math.random() * 10)); log('' + performance.now()) }`
    const peers = { p: { kind: 'websocket' as const, connections: [{ handshake: { answer: 'accept' as const }, on_message: [{ actions: [{ do: 'wait' as const, ticks: 1 }, { do: 'echo' as const }] }] }] } }
    const { first, second, deterministic } = await runLabTwice({ artifact: artifactOf(body), scenario: scenarioOf(peers), seed: 5 })
    expect(deterministic).toBe(true)
    expect(second).toEqual(first)
    expect(first.event_count).toBeGreaterThan(100)
    expect(first.schedule_hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('differ where the seed differs', async () => {
    const [one, two] = [logs(await run(SOURCES, {}, { seed: 1 })), logs(await run(SOURCES, {}, { seed: 2 }))]
    for (const [index, line] of one.entries()) expect(two[index]).not.toBe(line)
    expect(logs(await run(SOURCES, {}, { seed: 1 }))).toEqual(one)
    expect(logs(await run(SOURCES, {}, { seed: 2 ** 40 + 1 }))[0]).not.toBe(one[0])
  })

  it('a schedule that differs has another schedule hash, also when its events are equal', async () => {
    const [one, two] = [await run('await sleep(1)'), await run('await sleep(2)')]
    expect(one.event_hash).toBe(two.event_hash)
    expect(one.schedule_hash).not.toBe(two.schedule_hash)
  })
})

describe('T4 timer_surface: the machine shows nowhere', () => {
  it('every clock is the virtual one', async () => {
    const before = Date.now()
    const out = await logged(`
      const t0 = Date.now()
      await sleep(86400000)
      const spent = [Date.now() - t0, new Date() - t0, new Date(Date()) - t0 - (new Date(Date()) - t0) % 1000, performance.now(), new Event('x').timeStamp]
      log(String(spent))
      const format = new Intl.DateTimeFormat('en-US', { dateStyle: 'short', timeStyle: 'medium' })
      log(String([format.format() === format.format(new Date()), JSON.stringify(format.formatToParts()) === JSON.stringify(format.formatToParts(Date.now())), performance.timeOrigin === t0]))
      log(String(Date.now()))
      const busy = performance.now(); for (let n = 0; n < 1e6; n++) Math.sqrt(n); log(String(performance.now() - busy))`, {}, { limits: { grace_ms: 1e9 } })
    expect(out[0]).toMatch(/^86400000,86400000,8639\d000|^86400000,86400000,86400000/)
    expect(out[0]).toMatch(/,86400000,86400000$/)
    expect(out[1]).toBe('true,true,true')
    expect(Math.abs(Number(out[2]) - before)).toBeGreaterThan(86_400_000)
    expect(out[3]).toBe('0')
  })

  it('the local time zone is UTC and the locale en-US, whatever the machine has', async () => {
    const kept = process.env.TZ
    process.env.TZ = 'America/St_Johns'
    try {
      expect(new Date(0).getTimezoneOffset()).not.toBe(0)
      expect(await logged(`
        log(String([new Date(2020, 5, 1).toISOString(), new Date('2020-06-01T00:00:00').toISOString(), new Date('June 1, 2020 12:00').toISOString(), new Date('2020-06-01').toISOString()]))
        log(new Date(0).toString()); log(String([new Date(0).getHours(), new Date(0).getTimezoneOffset(), new Date(NaN)]))
        log(new Date(0).toLocaleString()); log(Intl.DateTimeFormat().resolvedOptions().timeZone); log((1234.5).toLocaleString())
        log(String([new Date(0) instanceof Date, Date.prototype.constructor === Date, new Date(new Date(5)).getTime(), new Date(2020, 0).getTime() === Date.UTC(2020, 0), Object.keys(new Date(0)).length]))
        class Stamp extends Date {}; log(String(new Stamp(7).getTime() + ' ' + (new Stamp() instanceof Stamp)))`)).toEqual([
        '2020-06-01T00:00:00.000Z,2020-06-01T00:00:00.000Z,2020-06-01T12:00:00.000Z,2020-06-01T00:00:00.000Z',
        'Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)', '0,0,Invalid Date',
        '1/1/1970, 12:00:00 AM', 'UTC', '1,234.5', 'true,true,5,true,0', '7 true',
      ])
    } finally {
      if (kept === undefined) delete process.env.TZ
      else process.env.TZ = kept
    }
  })

  it('a subject cannot wait in real time, see the collector, or share memory', async () => {
    expect(await logged(`
      try { Atomics.wait(new Int32Array(8), 0, 0, 10) } catch (error) { log(error.name) }
      log(String([typeof Atomics.waitAsync, typeof SharedArrayBuffer, new WeakRef(globalThis).deref() === globalThis]))
      const registry = new FinalizationRegistry(() => log('collected')); registry.register({}, 1); log(String(registry.unregister({})))`)).toEqual(['TypeError', 'undefined,undefined,true', 'false'])
  })

  it('a stack tells no folder of the machine and nothing of what lies under the subject', async () => {
    const [stack] = await logged(`setTimeout(() => { try { null.x } catch (error) { log(error.stack) } }, 1); await sleep(5)`)
    expect(stack).toMatch(/^TypeError: Cannot read/)
    expect(stack).toMatch(/at .*lanecheck-artifact\.js/)
    expect(stack).not.toMatch(/node:|file:|\/src\/|lab-host/)
  })

  it('nothing of Node leaks in through what the host hands over', async () => {
    expect(await logged(`
      const own = (value, Type) => value instanceof Type && value.constructor.constructor('return typeof process')() === 'undefined'
      const socket = new WebSocket(wsAt('p', 'c')); socket.binaryType = 'arraybuffer'
      const data = await new Promise((done) => { socket.onmessage = (event) => done(event.data); socket.onopen = () => socket.send('x') })
      const response = await fetch(at('nobody', 'e'))
      const chunk = (await new Response(new Blob(['x'])).body.getReader().read()).value
      const thrown = (what) => { try { what() } catch (error) { return error } }
      log(String([own(order, Object), own(order.scenario.tasks.main, Array), own(data, ArrayBuffer), own(response.headers, Headers), own(chunk, Uint8Array),
        own(new TextEncoder().encode('x'), Uint8Array), own(new TextEncoder().encodeInto('x', new Uint8Array(4)), Object), own(await crypto.subtle.digest('SHA-1', new Uint8Array()), ArrayBuffer),
        own(structuredClone(new Map()), Map), own(thrown(() => new URL('nope')), TypeError), own(thrown(() => new TextDecoder('nope')), RangeError), own(control_error(), Error)]))
      function control_error() { return thrown(() => { throw new Error('x') }) }`,
    { p: { kind: 'websocket', connections: [{ handshake: { answer: 'accept' }, on_message: [{ actions: [{ do: 'send', message: { kind: 'hex', hex: '00ff' } }] }] }] } })).toEqual([Array.from({ length: 12 }, () => 'true').join()])
  })
})
