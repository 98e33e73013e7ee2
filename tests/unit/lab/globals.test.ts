import { describe, expect, it } from 'vitest'
import wabt from 'wabt'
import { logged } from './scripts.js'

const WAT = `(module
  (import "host" "started" (func $started))
  (func $init (call $started))
  (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
  (func (export "trap") unreachable)
  (start $init))`

async function wasmOf(text: string): Promise<number[]> {
  const module = (await wabt()).parseWat('t.wat', text)
  const bytes = [...module.toBinary({}).buffer]
  module.destroy()
  return bytes
}

describe('T0 browser_surface: WebAssembly in the lab', () => {
  it('compiles and instantiates in the order asked, in tasks, and traps as itself', async () => {
    const small = await wasmOf('(module)')
    const wasm = await wasmOf(WAT)
    expect(await logged(`
      const wasm = new Uint8Array(${JSON.stringify(wasm)}), small = new Uint8Array(${JSON.stringify(small)})
      const imports = { host: { started: () => log('started') } }
      const big = WebAssembly.instantiate(wasm, imports).then((made) => { log('big'); return made })
      const later = WebAssembly.compile(small).then(() => log('small'))
      const bad = WebAssembly.compile(new Uint8Array([1])).catch((error) => log(error.name + (error instanceof WebAssembly.CompileError)))
      setTimeout(() => log('timer'), 0)
      wasm.fill(0)
      log('asked')
      const { instance, module } = await big
      await Promise.all([later, bad])
      log(String([instance.exports.add(2, 3), module instanceof WebAssembly.Module, (await WebAssembly.instantiate(module, imports)) instanceof WebAssembly.Instance]))
      try { instance.exports.trap() } catch (error) { log(String(error instanceof WebAssembly.RuntimeError)) }
      const response = new Response(new Uint8Array(small), { headers: { 'content-type': 'application/wasm' } })
      log(Object.keys(await WebAssembly.instantiateStreaming(Promise.resolve(response))).sort().join())
      await WebAssembly.compileStreaming(new Response('x')).catch((error) => log(error.name))`)).toEqual([
      'asked', 'started', 'big', 'small', 'CompileErrortrue', 'timer', 'started', '5,true,true', 'true', 'instance,module', 'TypeError'])
  })
})

describe('T0 browser_surface: virtual globals', () => {
  it('events and targets', async () => {
    expect(await logged(`
      const target = new EventTarget()
      const once = () => log('once')
      target.addEventListener('x', once, { once: true }); target.addEventListener('x', once, { once: true })
      target.addEventListener('x', { handleEvent(event) { log('object:' + (event.target === target)) } })
      const controller = new AbortController(); target.addEventListener('x', () => log('signal'), { signal: controller.signal })
      target.addEventListener('x', (event) => { event.stopImmediatePropagation(); event.preventDefault() })
      target.addEventListener('x', () => log('never'))
      log(String(target.dispatchEvent(new Event('x', { cancelable: true }))))
      controller.abort()
      log(String(target.dispatchEvent(new CustomEvent('x', { detail: 1 }))))
      log(String([globalThis instanceof EventTarget, self === globalThis, isSecureContext, crossOriginIsolated, location.origin === order.origin, navigator.onLine]))`)).toEqual([
      'once', 'object:true', 'signal', 'false', 'object:true', 'true', 'true,true,true,false,true,true'])
  })

  it('a signal that ends a listener is listened to by the platform, as in an engine', async () => {
    expect(await logged(`
      const controller = new AbortController()
      controller.signal.addEventListener = () => log('by a listener')
      const target = new EventTarget(); target.addEventListener('x', () => log('x'), { signal: controller.signal })
      controller.signal.onabort = () => target.dispatchEvent(new Event('x'))
      target.dispatchEvent(new Event('x'))
      controller.abort()
      try { target.addEventListener('x', () => log('never'), { signal: null }) } catch (error) { log(error.name) }
      target.dispatchEvent(new Event('x'))`)).toEqual(['x', 'TypeError'])
  })

  it('addEventListener, called on another target, is that target\'s', async () => {
    expect(await logged(`
      const target = new EventTarget(), heard = () => log('heard')
      const { addEventListener: add, removeEventListener: remove } = globalThis
      add.call(target, 'x', heard)
      dispatchEvent(new Event('x')); log('self'); target.dispatchEvent(new Event('x'))
      remove.call(target, 'x', heard); target.dispatchEvent(new Event('x'))
      add('x', heard); dispatchEvent(new Event('x')); self.removeEventListener('x', heard); dispatchEvent(new Event('x'))`)).toEqual(['self', 'heard', 'heard'])
  })

  it('MessageChannel, BroadcastChannel and structuredClone', async () => {
    expect(await logged(`
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => log('1:' + JSON.stringify(data))
      port2.onmessage = ({ data, ports }) => { port2.postMessage([data.n, ports.length]); data.port.postMessage('moved') }
      const inner = new MessageChannel(); inner.port2.onmessage = ({ data }) => log('inner:' + data)
      port1.postMessage({ n: 1, port: inner.port1 }, [inner.port1])
      queueMicrotask(() => log('microtask'))
      const [a, b] = [new BroadcastChannel('n'), new BroadcastChannel('n')]
      a.onmessage = () => log('self'); b.onmessage = ({ data }) => log('broadcast:' + data)
      a.postMessage('hi')
      await sleep(1)
      const shared = { x: 1n }; const value = { date: new Date(5), map: new Map([[1, shared]]), set: new Set(['s']), view: new Uint8Array([1, 2]).subarray(1), error: new RangeError('r'), re: /x/g, shared }
      value.self = value
      const copy = structuredClone(value)
      log(String([copy !== value, copy.self === copy, copy.map.get(1) === copy.shared, copy.date.getTime(), copy.view[0], copy.error.name, copy.re.flags, copy.set.has('s')]))
      const buffer = new ArrayBuffer(8); const moved = structuredClone(buffer, { transfer: [buffer] }); log(buffer.byteLength + ',' + moved.byteLength)
      try { structuredClone(() => 1) } catch (error) { log(error.name) }`)).toEqual([
      'microtask', 'broadcast:hi', '1:[1,1]', 'inner:moved', 'true,true,true,5,2,RangeError,g,true', '0,8', 'DataCloneError'])
  })

  it('text, addresses, digests and randomness', async () => {
    expect(await logged(`
      const bytes = new TextEncoder().encode('é€😀')
      log(String([bytes.length, new TextDecoder().decode(bytes), JSON.stringify(new TextEncoder().encodeInto('é€', new Uint8Array(4)))]))
      const stream = new TextDecoder(); log(stream.decode(bytes.subarray(0, 3), { stream: true }) + '|' + stream.decode(bytes.subarray(3)))
      try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])) } catch (error) { log(error.name) }
      log(btoa('hé') + ' ' + atob(' aGk ') ); try { atob('*') } catch (error) { log(error.name) }
      const url = new URL('../b?x=1&y=a+b%20c#h', 'http://127.0.0.1:1/a/c/'); url.searchParams.append('z', 'é&'); url.hash = ''
      log(url.href + ' ' + url.searchParams.get('y') + ' ' + url.pathname); log(new URLSearchParams({ a: '1', b: "it's" }).toString())
      log([...new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array()))].slice(0, 3).join())
      log(String(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())))
      const order_ = []; await Promise.all(['SHA-512', 'SHA-1', 'SHA-256'].map((name) => crypto.subtle.digest(name, new Uint8Array(name === 'SHA-512' ? 1e5 : 1)).then(() => order_.push(name)))); log(order_.join())
      const headers = new Headers({ B: '2', a: '1' }); headers.append('b', '3'); log(JSON.stringify([...headers]))
      log(await new Blob(['ab', new Uint8Array([99])]).slice(1).text())`)).toEqual([
      '9,é€😀,{"read":1,"written":2}', 'é|€😀', 'TypeError', 'aOk= hi', 'InvalidCharacterError',
      'http://127.0.0.1:1/a/b?x=1&y=a+b+c&z=%C3%A9%26 a b c /a/b', 'a=1&b=it%27s', '227,176,196', 'true', 'SHA-512,SHA-1,SHA-256', '[["a","1"],["b","2, 3"]]', 'bc'])
  })
})
