import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { FromRealmSchema, type FromRealm, type RunOrder, type ToRealm } from '../src/contract/realm-protocol.js'
import type { RealmEvent } from '../src/contract/trace.js'
import { packageRoot } from '../src/package-root.js'

/** Workers for bridged runs. One that a run left clean serves another; the artifact is evaluated anew for each. */
export interface BridgeWorkers {
  take(): Worker
  /** Takes a worker back; one that is not clean is ended. */
  give(worker: Worker, clean: boolean): void
  close(): Promise<void>
}

/** Longer than any scenario's own limit by this much, in ms. */
const SLACK_MS = 15_000

/** Makes the pool for one artifact; `ready` workers are started ahead of need, for a worker's start is dearer than most scenarios. `certificate`: of the run's origins over TLS, in PEM. */
export function startBridgeWorkers(artifact: string, ready: number, certificate: string | null = null): BridgeWorkers {
  const all = new Set<Worker>()
  const idle: Worker[] = []
  let closed = false
  const make = (): Worker => {
    const worker = new Worker(join(packageRoot(), 'dist/bridge/worker.js'), { workerData: { artifact, certificate }, stdout: true, stderr: true })
    all.add(worker)
    worker.on('exit', () => {
      all.delete(worker)
      const place = idle.indexOf(worker)
      if (place >= 0) idle.splice(place, 1)
    })
    worker.on('error', () => undefined)
    return worker
  }
  for (let count = 0; count < ready; count++) idle.push(make())
  return {
    take: () => idle.pop() ?? make(),
    give: (worker, clean) => {
      if (clean && !closed && all.has(worker)) idle.push(worker)
      else void worker.terminate()
    },
    close: async () => {
      closed = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}

/** Runs an order in a worker; bounded by the scenario's limit and `signal`. Never rejects. */
export function runInWorker(workers: BridgeWorkers, order: RunOrder, onEvents: (events: RealmEvent[]) => void, signal: AbortSignal): Promise<FromRealm> {
  const worker = workers.take()
  let nothing_left = false
  return new Promise((resolve) => {
    const end = (message: FromRealm): void => {
      clearTimeout(limit)
      signal.removeEventListener('abort', onAbort)
      worker.off('error', onError)
      worker.off('exit', onExit)
      worker.off('message', onMessage)
      worker.postMessage({ type: 'stop' } satisfies ToRealm)
      workers.give(worker, message.type === 'done' && !message.stalled && nothing_left)
      resolve(message)
    }
    const lost = (why: string): void => end({ type: 'failed', code: 'harness', message: `the bridge's worker ${why}` })
    const onAbort = (): void => lost('was ended because the realm left')
    const onError = (error: unknown): void => lost(`failed: ${error instanceof Error ? error.message : String(error)}`)
    const onExit = (): void => lost('exited')
    const onMessage = (raw: unknown): void => {
      const parsed = FromRealmSchema.safeParse(raw)
      if (!parsed.success) return lost(`said what does not parse: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
      const message = parsed.data
      if (message.type === 'hello') worker.postMessage({ ...order, route: 'direct' } satisfies ToRealm)
      else if (message.type === 'events') {
        nothing_left ||= message.events.some(leftNothing)
        onEvents(message.events)
      } else if (message.type !== 'heartbeat') end(message)
    }
    const limit = setTimeout(() => lost('did not end in time'), order.scenario.limit_ticks * order.scenario.tick_ms + SLACK_MS)
    signal.addEventListener('abort', onAbort)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.on('message', onMessage)
    worker.postMessage('begin')
  })
}

const leftNothing = (event: RealmEvent): boolean =>
  event.kind === 'host.alive' && [event.timers, event.sockets, event.requests, event.streams].every((left) => left.length === 0)
