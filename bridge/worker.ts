import { parentPort, workerData } from 'node:worker_threads'
import { runInThisContext } from 'node:vm'
import { INJECTED_HOST, type InjectedHost, type RealmControl, type ToRealm } from '../src/contract/realm-protocol.js'

// The server's host of the artifact: the same bytes that run in the realms are evaluated here.
const port = parentPort!
const control: RealmControl = { onmessage: null, send: (message) => port.postMessage(message) }
const host: InjectedHost = { kind: 'bridge', control }
const globals = globalThis as unknown as Record<string, unknown>
globals[INJECTED_HOST] = host

port.on('message', (message: ToRealm | 'begin') => {
  if (message !== 'begin') return control.onmessage?.(message)
  htmlTimers()
  runInThisContext((workerData as { artifact: string }).artifact, { filename: 'artifact.js' })
})

/**
 * Node's timers made to answer as the HTML standard has it: numeric handles, delays as signed 32-bit integers.
 * Source: HTML, timer initialization steps; Web IDL, conversion to `long`.
 */
function htmlTimers(): void {
  const handles = new Map<number, NodeJS.Timeout>()
  let last = 0
  for (const [name, once] of [['setTimeout', true], ['setInterval', false]] as const) {
    const set = globalThis[name] as (run: () => void, ms: number) => NodeJS.Timeout
    globals[name] = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const id = ++last
      handles.set(id, set(() => {
        if (once) handles.delete(id)
        run(...args)
      }, Math.max(0, Number(ms) | 0)))
      return id
    }
  }
  for (const name of ['clearTimeout', 'clearInterval'] as const) {
    const clear = globalThis[name]
    globals[name] = (id?: number) => {
      clear(handles.get(Number(id)))
      handles.delete(Number(id))
    }
  }
}
