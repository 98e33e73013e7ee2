import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { FromRealmSchema, type FromRealm, type RunOrder, type ToRealm } from '../src/contract/realm-protocol.js'
import type { RealmEvent } from '../src/contract/trace.js'
import { packageRoot } from '../src/package-root.js'

/** Starts workers ahead of need: a worker's start is dearer than most scenarios. */
export interface BridgeWorkers {
  take(): Worker
  close(): Promise<void>
}

/** Longer than any scenario's own limit by this much, in ms. */
const SLACK_MS = 15_000

// Node 20 has WHATWG WebSocket and EventSource only behind flags; later versions need none.
const WANTED_FLAGS = ['--experimental-websocket', '--experimental-eventsource']
const execArgv = typeof WebSocket === 'function' ? [] : WANTED_FLAGS.filter((flag) => process.allowedNodeEnvironmentFlags.has(flag))

/** Makes the pool for one artifact; `spare` workers wait ready. */
export function startBridgeWorkers(artifact: string, spare: number): BridgeWorkers {
  const all = new Set<Worker>()
  const ready: Worker[] = []
  let closed = false
  const make = (): Worker => {
    const worker = new Worker(join(packageRoot(), 'dist/bridge/worker.js'), { workerData: { artifact }, execArgv, stdout: true, stderr: true })
    all.add(worker)
    worker.on('exit', () => all.delete(worker))
    worker.on('error', () => undefined)
    return worker
  }
  const refill = (): void => { while (!closed && ready.length < spare) ready.push(make()) }
  return {
    take: () => {
      const worker = ready.shift() ?? make()
      setImmediate(refill)
      return worker
    },
    close: async () => {
      closed = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}

/** Runs an order in a worker of its own and ends the worker; bounded by the scenario's limit and `signal`. */
export function runInWorker(workers: BridgeWorkers, order: RunOrder, onEvents: (events: RealmEvent[]) => void, signal: AbortSignal): Promise<FromRealm> {
  const worker = workers.take()
  return new Promise((resolve) => {
    const end = (message: FromRealm): void => {
      clearTimeout(limit)
      signal.removeEventListener('abort', onAbort)
      void worker.terminate()
      resolve(message)
    }
    const lost = (why: string): void => end({ type: 'failed', code: 'harness', message: `the bridge's worker ${why}` })
    const onAbort = (): void => lost('was ended because the realm left')
    const limit = setTimeout(() => lost('did not end in time'), order.scenario.limit_ticks * order.scenario.tick_ms + SLACK_MS)
    signal.addEventListener('abort', onAbort)
    worker.on('error', (error) => lost(`failed: ${error instanceof Error ? error.message : String(error)}`))
    worker.on('exit', () => lost('exited'))
    worker.on('message', (raw: unknown) => {
      const message = FromRealmSchema.parse(raw)
      if (message.type === 'hello') worker.postMessage({ ...order, route: 'direct' } satisfies ToRealm)
      else if (message.type === 'events') onEvents(message.events)
      else if (message.type !== 'heartbeat') end(message)
    })
    worker.postMessage('begin')
  })
}
