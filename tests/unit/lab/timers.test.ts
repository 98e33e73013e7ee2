import { describe, expect, it } from 'vitest'
import { logged, logs, run } from './scripts.js'

describe('T0 timer_surface: virtual timers', () => {
  it('fire by due time, then by order of asking, at their exact virtual time', async () => {
    const out = await logged(`
      for (const [name, ms] of [['c', 30], ['a', 10], ['b1', 20], ['b2', 20], ['zero', 0]]) setTimeout(() => log(name + '@' + performance.now()), ms)
      await sleep(40)`)
    expect(out).toEqual(['zero@0', 'a@10', 'b1@20', 'b2@20', 'c@30'])
  })

  it('a timer asked for earlier fires before a later one with the same due time', async () => {
    expect(await logged(`
      setTimeout(() => log('long'), 10)
      setTimeout(() => setTimeout(() => log('short'), 5), 5)
      await sleep(11)`)).toEqual(['long', 'short'])
  })

  it('drain microtasks after each task, and before a timer of no delay', async () => {
    expect(await logged(`
      setTimeout(() => { log('t1'); Promise.resolve().then(() => log('m1')).then(() => log('m2')) }, 0)
      setTimeout(() => log('t2'), 0)
      queueMicrotask(() => log('micro'))
      log('sync')
      await sleep(1)`)).toEqual(['sync', 'micro', 't1', 'm1', 'm2', 't2'])
  })

  it('clearing takes effect inside the same due time, and clearing what fired does nothing', async () => {
    expect(await logged(`
      let later
      const first = setTimeout(() => { log('first'); clearTimeout(first); clearTimeout(later) }, 5)
      later = setTimeout(() => log('later'), 5)
      await sleep(10)
      clearTimeout(first); clearTimeout(undefined); clearTimeout(99999); clearTimeout(String(later))`)).toEqual(['first'])
  })

  it('a cleared timer does not move the clock', async () => {
    const trace = await run(`const far = setTimeout(() => log('never'), 1e9); clearTimeout(far); await sleep(7); log('' + performance.now())`)
    expect(logs(trace)).toEqual(['7'])
    const stalled = await run(`clearTimeout(setTimeout(() => log('never'), 100)); await new Promise(() => {})`)
    expect([stalled.end, stalled.tasks]).toEqual([{ type: 'done', stalled: true }, 1])
  })

  it('an interval repeats until cleared, also from inside its own tick', async () => {
    expect(await logged(`
      let n = 0
      const id = setInterval((extra) => { log(extra + ++n + '@' + performance.now()); if (n === 3) clearInterval(id) }, 10, 'tick')
      await sleep(100)`)).toEqual(['tick1@10', 'tick2@20', 'tick3@30'])
  })

  it('clamp to 4 ms from nesting level 5 on', async () => {
    expect(await logged(`
      await new Promise((done) => {
        let n = 0
        const again = () => { log(n + '@' + performance.now()); if (n++ < 8) setTimeout(again, 0); else done() }
        again()
      })`)).toEqual(['0@0', '1@0', '2@0', '3@0', '4@0', '5@0', '6@4', '7@8', '8@12'])
  })

  it('convert delays as a 32-bit long: overflow and negative become 0, NaN and undefined too', async () => {
    expect(await logged(`
      const delays = [2 ** 31, 2 ** 32 + 5, -1, NaN, undefined, '3', Infinity, 2.9]
      for (const ms of delays) setTimeout(() => log(String(ms) + '@' + performance.now()), ms)
      await sleep(10)`)).toEqual(['2147483648@0', '-1@0', 'NaN@0', 'undefined@0', 'Infinity@0', '2.9@2', '3@3', '4294967301@5'])
  })

  it('2^31-1 ms is waited out in no real time', async () => {
    const trace = await run(`await sleep(2 ** 31 - 1); log('' + performance.now())`, {}, { limits: { grace_ms: 2 ** 32 } })
    expect(logs(trace)).toEqual([String(2 ** 31 - 1)])
  })

  it('a thousand timers with equal deadlines keep their order', async () => {
    const [out] = await logged(`
      const seen = []
      for (let n = 0; n < 1000; n++) setTimeout(() => seen.push(n), 50)
      await sleep(51)
      log(String(seen.length === 1000 && seen.every((n, index) => n === index)))`)
    expect(out).toBe('true')
  })

  it('an error in a callback reaches the error event and stops nothing', async () => {
    expect(await logged(`
      addEventListener('error', (event) => { log(event.type + ':' + event.error.message); event.preventDefault() })
      setTimeout(() => { throw new RangeError('boom') }, 1)
      setTimeout(() => log('still'), 2)
      await sleep(5)`)).toEqual(['error:boom', 'still'])
  })

  it('a rejection nobody listens to reaches unhandledrejection in a task of its own; one listened to late in the turn does not', async () => {
    expect(await logged(`
      addEventListener('unhandledrejection', (event) => { log(event.reason.message); event.preventDefault() })
      setTimeout(() => log('next task'), 0)
      const late = Promise.reject(new Error('handled'))
      Promise.reject(new Error('alone'))
      late.catch(() => undefined)
      await sleep(5)`)).toEqual(['next task', 'alone'])
  })

  it('AbortSignal.timeout and any abort on the virtual clock', async () => {
    expect(await logged(`
      const controller = new AbortController()
      const both = AbortSignal.any([controller.signal, AbortSignal.timeout(20)])
      both.onabort = () => log(both.reason.name + '@' + performance.now())
      await sleep(30)
      log(String(controller.signal.aborted))
      try { both.throwIfAborted() } catch (error) { log(error.name + ' ' + (error instanceof DOMException) + ' ' + error.code) }`)).toEqual(['TimeoutError@20', 'false', 'TimeoutError true 23'])
  })

  it('AbortSignal.any: all are aborted first, then the source tells, then each in the order it was made', async () => {
    expect(await logged(`
      const [one, other] = [new AbortController(), new AbortController()]
      const early = AbortSignal.any([one.signal, other.signal])
      const nested = AbortSignal.any([early])
      const late = AbortSignal.any([other.signal, one.signal])
      const told = (name, signal) => signal.addEventListener('abort', () => log([name, one.signal.aborted, early.aborted, nested.aborted, late.aborted, signal.reason].join()))
      told('late', late); told('nested', nested); told('early', early); told('one', one.signal); told('other', other.signal)
      one.abort('why')
      one.abort('again')
      other.abort('late')
      log([AbortSignal.any([other.signal, early]).reason, AbortSignal.any([nested]).reason, AbortSignal.any([]).aborted].join())`)).toEqual([
      'one,true,true,true,true,why', 'early,true,true,true,true,why', 'nested,true,true,true,true,why', 'late,true,true,true,true,why', 'other,true,true,true,true,late', 'late,why,false',
    ])
  })
})
