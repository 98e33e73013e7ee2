import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { labHostSource } from '../../../src/lab/host-source.js'
import { LAB_LIMITS } from '../../../src/lab/limits.js'
import { createSession, drive } from '../../../src/lab/session.js'
import { packageRoot } from '../../../src/package-root.js'
import { artifactOf, logged, logs, run, scenarioOf } from './scripts.js'

const words = (text: string): string[] => text.trim().split(/\s+/)

/** ECMAScript's own; a subject finds nothing of the machine in them, as the tests of determinism show. */
const ECMASCRIPT = words(`
  AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError FinalizationRegistry Float32Array Float64Array
  Function Infinity Int16Array Int32Array Int8Array Intl JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol
  SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape`)
/** Of later engines, and plain computing too. */
const ECMASCRIPT_LATER = words('AsyncDisposableStack DisposableStack Float16Array Iterator SuppressedError')
/** The lab's own, each on the virtual clock, the seeded randomness or the virtual network. */
const VIRTUAL = words(`
  AbortController AbortSignal Blob BroadcastChannel ByteLengthQueuingStrategy CloseEvent CountQueuingStrategy Crypto CustomEvent DOMException ErrorEvent Event EventSource
  EventTarget Headers IDBCursor IDBCursorWithValue IDBDatabase IDBFactory IDBIndex IDBKeyRange IDBObjectStore IDBOpenDBRequest IDBRecord IDBRequest IDBTransaction
  IDBVersionChangeEvent MessageChannel MessageEvent MessagePort Performance PerformanceEntry PerformanceMark PerformanceMeasure ProgressEvent PromiseRejectionEvent
  ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response
  SubtleCrypto TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController URL URLSearchParams WebSocket Window
  WorkerGlobalScope WritableStream WritableStreamDefaultController WritableStreamDefaultWriter __lanecheckHost addEventListener atob btoa clearInterval clearTimeout console
  crossOriginIsolated crypto dispatchEvent fetch indexedDB isSecureContext location navigator onerror onmessage onmessageerror onoffline ononline onrejectionhandled
  onunhandledrejection origin performance queueMicrotask removeEventListener reportError self setInterval setTimeout structuredClone`)
/** Of namespaces that could reach the machine. */
const MEMBERS: Record<string, string[]> = {
  WebAssembly: words('compile validate instantiate compileStreaming instantiateStreaming Module Instance Table Memory Global Tag JSTag Exception CompileError LinkError RuntimeError'),
  Atomics: words('load store add sub and or xor exchange compareExchange isLockFree wait notify pause'),
  Intl: words(`getCanonicalLocales supportedValuesOf DateTimeFormat NumberFormat Collator PluralRules RelativeTimeFormat ListFormat Locale DisplayNames Segmenter DurationFormat`),
  navigator: words('userAgent onLine language languages hardwareConcurrency'),
  crypto: ['subtle'],
  'Object.getPrototypeOf(performance)': words('constructor timeOrigin now toJSON mark measure getEntries getEntriesByType getEntriesByName clearMarks clearMeasures clearResourceTimings'),
  'Object.getPrototypeOf(crypto)': words('constructor getRandomValues randomUUID'),
  'SubtleCrypto.prototype': words('constructor digest'),
}

/** Global names of windows and workers, as TypeScript describes them. */
function platformNames(): string[] {
  const names = new Set<string>()
  for (const lib of ['dom', 'webworker']) {
    const path = join(packageRoot(), `node_modules/typescript/lib/lib.${lib}.d.ts`)
    ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest).forEachChild((node) => {
      if (ts.isVariableStatement(node)) for (const { name } of node.declarationList.declarations) names.add((name as ts.Identifier).text)
      if (ts.isFunctionDeclaration(node)) names.add(node.name!.text)
    })
  }
  return [...names]
}
/** Words that scripts use for things of their own, and what only tells where a window stands on a screen; asked for, they are undefined as in a worker. */
const NOT_TOLD = new Set([...words(`
  name status event length closed devicePixelRatio innerHeight innerWidth outerHeight outerWidth pageXOffset pageYOffset screenLeft screenTop screenX screenY
  scrollX scrollY locationbar menubar personalbar scrollbars statusbar toolbar orientation captureEvents releaseEvents moveBy moveTo resizeBy resizeTo
  scroll scrollBy scrollTo toString`)])

describe('T4 browser_surface: nothing of the lab is real', () => {
  it('every global is plain ECMAScript or one of the lab’s own that was looked at', async () => {
    const [own] = await logged('log(Object.getOwnPropertyNames(globalThis).join(" "))')
    const found = new Set(words(own!))
    expect([...found].filter((name) => ![...ECMASCRIPT, ...ECMASCRIPT_LATER, ...VIRTUAL].includes(name))).toEqual([])
    expect([...ECMASCRIPT, ...VIRTUAL].filter((name) => !found.has(name))).toEqual([])
  })

  it.each(Object.entries(MEMBERS))('every member of %s was looked at', async (owner, reviewed) => {
    const [own] = await logged(`log(Object.getOwnPropertyNames(${owner}).join(' '))`)
    expect(words(own!).filter((name) => !reviewed.includes(name) && !name.startsWith('_'))).toEqual([])
  })

  it('every name of a window’s or a worker’s is there, or is noted when it is asked for', async () => {
    const asked = platformNames().filter((name) => !NOT_TOLD.has(name) && !name.startsWith('on'))
    expect(asked.length).toBeGreaterThan(700)
    const trace = await run(`log(${JSON.stringify(asked)}.filter((name) => !Object.hasOwn(globalThis, name) && globalThis[name] === undefined).join(' '))`)
    const absent = words(logs(trace)[0]!)
    expect(absent.filter((name) => !trace.reached_for.includes(name))).toEqual([])
    expect(absent).toContain('MediaRecorder')
    expect(asked.filter((name) => !absent.includes(name) && !VIRTUAL.includes(name))).toEqual([])
  })

  it('what the engine brings and nobody looked at is taken away, and named when it is used', async () => {
    const brought = 'globalThis.Temporal = { Now: { instant: () => 1 } }; WebAssembly.realTime = () => 1; Intl.Weather = class {};'
    const told = async (body: string): Promise<string[]> => {
      const session = createSession({ host_source: brought + await labHostSource(), artifact: artifactOf(body), assets: new Map(), scenario: scenarioOf(), seed: 1, limits: LAB_LIMITS })
      await drive(session)
      const message = session.end?.type === 'failed' ? session.end.message : ''
      return [...session.reaches.duringRun(), String(session.reaches.explaining(message))]
    }
    expect(await told('log(typeof Temporal)')).toEqual(['Temporal', 'null'])
    expect(await told('Temporal.Now.instant()')).toEqual(['Temporal', 'Temporal'])
    expect(await told('WebAssembly.realTime()')).toEqual(['WebAssembly.realTime', 'WebAssembly.realTime'])
    expect(await told('new Intl.Weather()')).toEqual(['Intl.Weather', 'Intl.Weather'])
    expect(await told('new WebAssembly.Suspending(() => 1)')).toEqual(['WebAssembly.Suspending', 'WebAssembly.Suspending'])
  })
})

describe('T0 browser_surface: what the lab stands for', () => {
  it('passes for a window and for a worker where a package asks for either, and proves neither', async () => {
    expect(await logged(`log(String([globalThis instanceof Window, self instanceof WorkerGlobalScope, {} instanceof Window, Object.prototype.toString.call(globalThis)]))`)).toEqual(['true,true,false,[object EventTarget]'])
  })

  it('marks and measures on its own clock', async () => {
    expect(await logged(`
      performance.mark('a', { detail: { n: 1 } }); await sleep(30); const b = performance.mark('b'); await sleep(5)
      log(JSON.stringify(performance.measure('m', 'a', 'b')))
      log(String([performance.measure('to now', 'a').duration, performance.measure('part', { start: 10, duration: 5 }).startTime, b.startTime, performance.getEntriesByName('a')[0].detail.n]))
      log(performance.getEntries().map(({ name, entryType }) => entryType + ':' + name).join())
      performance.clearMarks('a'); performance.clearMeasures(); log(performance.getEntries().map(({ name }) => name).join())
      try { performance.measure('x', 'nowhere') } catch (error) { log(error.name) }
      log(String(performance.timeOrigin + performance.now() === Date.now()))`)).toEqual([
      '{"name":"m","entryType":"measure","startTime":0,"duration":30,"detail":null}', '35,10,30,1', 'mark:a,measure:m,measure:to now,measure:part,mark:b', 'b', 'SyntaxError', 'true'])
  })

  it('blobs have addresses, counted and revocable; streams code text', async () => {
    expect(await logged(`
      const blob = new Blob(['{"a":1}'], { type: 'application/json' }), url = URL.createObjectURL(blob)
      const response = await fetch(url); log(url + ' ' + response.headers.get('content-type') + ' ' + response.headers.get('content-length') + ' ' + (await response.json()).a)
      URL.revokeObjectURL(url); await fetch(url).catch((error) => log(error.name))
      const read = async (stream) => { const parts = []; for (let reader = stream.getReader(), step; !(step = await reader.read()).done;) parts.push(step.value); return parts }
      const source = (...chunks) => new ReadableStream({ start(controller) { for (const chunk of chunks) controller.enqueue(chunk); controller.close() } })
      log((await read(source(new Uint8Array([0xe2, 0x82]), new Uint8Array([0xac])).pipeThrough(new TextDecoderStream()))).join('|'))
      log((await read(source('a\\ud83d', '\\ude00').pipeThrough(new TextEncoderStream()))).map((part) => part.length).join())
      await read(source(new Uint8Array([0xff])).pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))).catch((error) => log(error.name))`)).toEqual([
      'blob:http://127.0.0.1:1/00000000-0000-4000-8000-000000000001 application/json 7 1', 'TypeError', '€', '1,4', 'TypeError'])
  })
})
