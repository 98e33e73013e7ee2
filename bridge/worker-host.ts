import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ASSET_FOLDER } from '../src/contract/assets.js'
import type { FromRealm, RunOrder } from '../src/contract/realm-protocol.js'
import type { RealmEvent } from '../src/contract/trace.js'
import { packageRoot } from '../src/package-root.js'
import { FromWorkerSchema, type ToWorker } from './worker-protocol.js'

/** Workers for bridged runs: one a run. One that proves itself as it was before its run serves another; the artifact is evaluated anew for each. */
export interface BridgeWorkers {
  take(): Worker
  /** Takes a worker back; one that is not clean is ended. */
  give(worker: Worker, clean: boolean): void
  /** Somebody may want a worker soon: has some ready, for a worker's start is dearer than most scenarios. */
  warm(): void
  close(): Promise<void>
}

/** What came of a run. */
export interface RunInWorker {
  message: FromRealm
  /** SHA-256 of what the worker evaluated; null when it never said. */
  evaluated_sha256: string | null
  /** Hosts outside the captured loopback that it was kept from, each once. */
  refused: string[]
}

/** Longer than any scenario's own limit by this much, in ms. */
const SLACK_MS = 15_000
/** Most workers that wait for work. */
const MOST_IDLE = 4
/** Longest a worker may take to look for what its run left, in ms. */
const INSPECTION_LIMIT_MS = 1_000

/** Makes the pool for one artifact; `spare` workers are kept ready from the first `warm()` on. `certificate`: of the run's origins over TLS, in PEM. */
export function startBridgeWorkers(artifact: string, spare: number, certificate: string | null = null): BridgeWorkers {
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
  let warmed = false
  const warm = (): void => {
    while (warmed && !closed && idle.length < spare) idle.push(make())
  }
  return {
    take: () => idle.pop() ?? make(),
    give: (worker, clean) => {
      if (clean && !closed && all.has(worker) && idle.length < MOST_IDLE) return void idle.push(worker)
      void worker.terminate()
      warm()
    },
    warm: () => {
      warmed = true
      warm()
    },
    close: async () => {
      closed = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}

/** Runs an order in a worker; bounded by the scenario's limit and `signal`. Never rejects. */
export function runInWorker(workers: BridgeWorkers, order: RunOrder, onEvents: (events: RealmEvent[]) => void, signal: AbortSignal): Promise<RunInWorker> {
  const worker = workers.take()
  let evaluated_sha256: string | null = null
  const refused = new Set<string>()
  let nothing_left = false
  const tell = (message: ToWorker): void => worker.postMessage(message)
  return new Promise((resolve) => {
    const end = (message: FromRealm): void => {
      clearTimeout(limit)
      signal.removeEventListener('abort', onAbort)
      worker.off('error', onError)
      worker.off('exit', onExit)
      worker.off('message', onMessage)
      tell({ type: 'stop' })
      if (message.type === 'done' && !message.stalled && nothing_left) void isClean(worker).then((clean) => workers.give(worker, clean))
      else workers.give(worker, false)
      resolve({ message, evaluated_sha256, refused: [...refused] })
    }
    const lost = (why: string): void => end({ type: 'failed', code: 'harness', message: `the bridge's worker ${why}` })
    const onAbort = (): void => lost('was ended because the realm left')
    const onError = (error: unknown): void => lost(`failed: ${error instanceof Error ? error.message : String(error)}`)
    const onExit = (): void => lost('exited')
    const onMessage = (raw: unknown): void => {
      const parsed = FromWorkerSchema.safeParse(raw)
      if (!parsed.success) return lost(`said what does not parse: ${JSON.stringify(raw).slice(0, 200)}`)
      const message = parsed.data
      if (message.type === 'hello') tell({ ...order, route: 'direct' })
      else if (message.type === 'evaluated') evaluated_sha256 = message.artifact_sha256
      else if (message.type === 'refused') refused.add(message.host)
      else if (message.type === 'events') {
        nothing_left ||= message.events.some(leftNothing)
        onEvents(message.events)
      } else if (message.type === 'done' || message.type === 'failed') end(message)
    }
    const limit = setTimeout(() => lost('did not end in time'), order.scenario.limit_ticks * order.scenario.tick_ms + SLACK_MS)
    signal.addEventListener('abort', onAbort)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.on('message', onMessage)
    if (signal.aborted) onAbort()
    else tell({ type: 'begin', asset_base: assetBaseOf(order), inside: insideOf(order) })
  })
}

/** The worker finds the artifact's assets where its realm does: at the loopback, under the attempt. */
const assetBaseOf = ({ origin, peer_path }: RunOrder): string => `${origin}${peer_path.replace('/peer/', '/realm/')}${ASSET_FOLDER}`

/** Where nobody listens for a scenario's sake is inside too: there the call must fail by itself. */
const insideOf = ({ origin, h2_origin, refused_origins }: RunOrder): string[] => [origin, ...(h2_origin === null ? [] : [h2_origin]), ...Object.values(refused_origins)]

const leftNothing = (event: RealmEvent): boolean =>
  event.kind === 'host.alive' && [event.timers, event.sockets, event.requests, event.streams, event.left ?? []].every((left) => left.length === 0)

/** Whether a worker says that it is as it was before its run; silence, another word or its end is a no. */
function isClean(worker: Worker): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (clean: boolean): void => {
      clearTimeout(limit)
      worker.off('message', onMessage)
      worker.off('exit', onExit)
      resolve(clean)
    }
    const onMessage = (raw: unknown): void => {
      const said = FromWorkerSchema.safeParse(raw).data
      if (said?.type === 'left') answer(said.left.length === 0)
    }
    const onExit = (): void => answer(false)
    const limit = setTimeout(answer, INSPECTION_LIMIT_MS, false)
    worker.on('message', onMessage)
    worker.on('exit', onExit)
    worker.postMessage({ type: 'inspect' } satisfies ToWorker)
  })
}
