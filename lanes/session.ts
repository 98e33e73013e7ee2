import { LanecheckError } from '../src/contract/errors.js'
import type { EngineIdentity } from '../src/contract/host.js'
import type { Engine, HostRole } from '../src/contract/vocabulary.js'
import type { WorkerEndHow } from '../src/contract/worker-end.js'
import type { Attempt } from '../src/loopback/attempt.js'
import type { Loopback } from '../src/loopback/loopback.js'
import { launchEngine, type EngineFound, type EnginePage, type RunningEngine } from './engines/launch.js'

const LAUNCH_LIMIT_MS = 45_000
const PAGE_LIMIT_MS = 20_000
const GOTO_LIMIT_MS = 10_000
/** Longest to wait for a realm whose page's load the driver gave up, in ms. */
const GRACE_MS = 3_000

/** A place in an engine where one realm at a time is made: the window's own page, or a frame that makes workers. */
export interface RealmPlace {
  readonly slot: number
  /** Asks for a realm of this role; resolves when it was asked for, not when it runs. Throws `realm_lost`, `deadline_exceeded_in_node`. */
  make(role: HostRole, attempt: Attempt): Promise<void>
  /** Lets a realm go, and what it hangs with it; never throws. */
  release(role: HostRole, attempt: Attempt, hangs: boolean): void
  /** Ends an attempt's service worker, and has it start again; a place that makes none has neither. */
  readonly service_worker?: ServiceWorkerEnding
  /** Called with what the place itself reports of an attempt's realm. */
  onError(attempt: string, listen: (message: string) => void): void
}

export interface ServiceWorkerEnding {
  /** What this engine lets us do. */
  readonly ways: readonly WorkerEndHow[]
  /** To be called before, so that an end comes quickly; never throws. */
  ready(): Promise<void>
  /** Resolves when it was asked for. Throws `realm_lost`, `deadline_exceeded_in_node`. */
  end(attempt: Attempt, how: WorkerEndHow): Promise<void>
  /** Has one that is gone start again. Throws `realm_lost`. */
  wake(attempt: Attempt): void
}

/** A running engine with its window page and its frames. */
export interface EngineSession {
  readonly engine: Engine
  readonly identity: EngineIdentity
  readonly window: RealmPlace
  readonly workers: RealmPlace[]
  /** Resolves with the reason when the engine or one of its pages is lost. */
  readonly lost: Promise<string>
  onConsole(listen: (line: string) => void): void
  close(): Promise<void>
}

export interface SessionOptions {
  found: EngineFound
  loopback: Loopback
  proxy_url: string
  window_slot: number
  worker_slots: number[]
  signal: AbortSignal
}

/** Launches an engine and opens its pages; every wait is bounded. Throws `engine_launch_failed`, `realm_lost`. */
export async function openSession(options: SessionOptions): Promise<EngineSession> {
  const running = await launchEngine(options.found, { proxy_url: options.proxy_url, limit_ms: LAUNCH_LIMIT_MS, spki_sha256: options.loopback.certificate?.spki_sha256 ?? null, signal: options.signal })
  try {
    const [windowPage, workerPages] = await Promise.all([running.openPage(PAGE_LIMIT_MS), openWorkerPages(options, running)])
    return session(options, running, windowPage, workerPages)
  } catch (error) {
    await running.close()
    throw error
  }
}

/**
 * Chromium and Firefox open one WebSocket at a time to an address, Firefox per browsing context and whatever the port:
 * a peer that never answers would hold up all other slots. So each slot has a context of its own there.
 * WebKit has no such queue, and a page there is a process: its slots are frames of one page.
 */
async function openWorkerPages({ found, loopback, worker_slots }: SessionOptions, running: RunningEngine): Promise<EnginePage[]> {
  if (worker_slots.length === 0) return []
  const urls = found.engine === 'webkit' ? [loopback.framesUrl(worker_slots)] : worker_slots.map((slot) => loopback.agentUrl(slot))
  const pages = await Promise.all(urls.map(async (url) => {
    const page = await running.openPage(PAGE_LIMIT_MS)
    await page.goto(url, GOTO_LIMIT_MS)
    return page
  }))
  await Promise.all(worker_slots.map((slot) => loopback.agent(slot).connected(PAGE_LIMIT_MS)))
  return pages
}

function session(options: SessionOptions, running: RunningEngine, windowPage: EnginePage, workerPages: EnginePage[]): EngineSession {
  const listeners: Array<(line: string) => void> = []
  let lose = (_why: string): void => undefined
  const lost = new Promise<string>((resolve) => { lose = resolve })
  const watch = (page: EnginePage): EnginePage => {
    void page.crashed.then(lose)
    page.onConsole((line) => listeners.forEach((listen) => listen(line)))
    return page
  }
  void running.gone.then(lose)
  workerPages.forEach(watch)
  return {
    engine: options.found.engine,
    identity: running.identity,
    window: windowPlace(watch(windowPage), options.window_slot, async () => watch(await running.openPage(PAGE_LIMIT_MS))),
    workers: options.worker_slots.map((slot, at) => framePlace(options.loopback, slot, workerPages[at])),
    lost,
    onConsole: (listen) => void listeners.push(listen),
    close: () => running.close(),
  }
}

/** What the window's page opens for a realm of each role; workers are made by a page of their attempt. */
const WINDOW_URL: Partial<Record<HostRole, 'window' | 'sandbox'>> = { window: 'window', sandboxed_iframe: 'sandbox' }

/** A page that hangs would hold up all realms after the one it hangs in: it is closed, and the next realm gets another. */
function windowPlace(first: EnginePage, slot: number, open: () => Promise<EnginePage>): RealmPlace {
  let page: EnginePage | null = first
  return {
    slot,
    make: async (role, attempt) => {
      const url = attempt.urls[WINDOW_URL[role] ?? 'own_agent']
      page ??= await open()
      try {
        await openOrConnected(page, url, attempt)
      } catch {
        // A stock WebKit that takes another process for a page of another kind may lose the navigation, and its page with it.
        await page.close()
        page = await open()
        await openOrConnected(page, url, attempt)
      }
    },
    release: (_role, _attempt, hangs) => {
      if (!hangs) return
      void page?.close()
      page = null
    },
    onError: () => undefined,
  }
}

/** Resolves when the navigation is committed, or when its realm is there although the driver has not heard of the commit. */
async function openOrConnected(page: EnginePage, url: string, attempt: Attempt): Promise<void> {
  let watch: NodeJS.Timeout | undefined
  const connected = new Promise<void>((resolve) => { watch = setInterval(() => { if (attempt.connected()) resolve() }, 100) })
  try {
    const committed = page.goto(url, GOTO_LIMIT_MS).catch((error: unknown) => late(error, connected))
    await Promise.race([committed, connected])
  } finally {
    clearInterval(watch)
  }
}

/** A load that a change of process cancelled for the driver may go on in the engine. */
async function late(error: unknown, connected: Promise<void>): Promise<void> {
  let limit: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, refuse) => { limit = setTimeout(() => refuse(error as Error), GRACE_MS) })
  await Promise.race([connected, over]).finally(() => clearTimeout(limit))
}

function framePlace(loopback: Loopback, slot: number, page: EnginePage | undefined): RealmPlace {
  const agent = loopback.agent(slot)
  const listening = new Map<string, (message: string) => void>()
  agent.onMessage((message) => {
    if (message.type === 'error' && message.attempt !== null) listening.get(message.attempt)?.(message.message)
  })
  return {
    slot,
    make: async (role, { attempt, urls }) => {
      if (role === 'window' || role === 'sandboxed_iframe') throw new LanecheckError('internal', `a frame cannot be a ${role} realm`)
      const script = role === 'service_worker' ? urls.service_worker_script : urls.script
      agent.send({ type: 'spawn', role, attempt, script, ...(role === 'service_worker' ? { scope: urls.service_worker_scope } : {}) })
    },
    release: (role, { attempt }) => {
      listening.delete(attempt)
      try {
        if (role !== 'window') agent.send({ type: 'reap', attempt })
      } catch {
        // The frame is gone, and the realm with it.
      }
    },
    onError: (attempt, listen) => listening.set(attempt, listen),
    service_worker: {
      ready: async () => { await page?.service_workers?.ready() },
      ways: page?.service_workers === undefined ? ['unregistered', 'updated'] : ['stopped', 'unregistered', 'updated'],
      end: async ({ attempt, urls }, how) => {
        if (how === 'stopped') await page!.service_workers!.stop(urls.service_worker_scope)
        else agent.send({ type: 'end', attempt, how })
      },
      wake: ({ attempt }) => agent.send({ type: 'wake', attempt }),
    },
  }
}
