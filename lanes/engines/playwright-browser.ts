import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContextOptions, BrowserType, LaunchOptions as PlaywrightOptions } from 'playwright'
import { LanecheckError } from '../../src/contract/errors.js'
import { endGroup, groupByMarker, groupMembers, track } from '../processes.js'
import { identify } from './identity.js'
import { launchFailed } from './launch-failed.js'
import { settleWithin, within } from './limit.js'
import { enginePage } from './page.js'
import { serviceWorkerStopper } from './stop-service-worker.js'
import type { EngineFound, EnginePage, LaunchOptions, RunningEngine } from './types.js'

const CLOSE_LIMIT_MS = 5_000
const PAGE_CLOSE_LIMIT_MS = 3_000
const GRACE_MS = 1_000
const MARKER = 'LANECHECK_ENGINE'
const LOOK_EVERY_MS = 25
/** Playwright ends a launch that is late by itself; only when that hangs too do we. */
const SLACK_MS = 2_000

/** Launches a browser that Playwright starts itself: one process, a fresh context for each page. Throws `engine_launch_failed` or `interrupted`. */
export async function launchPlaywrightBrowser(type: BrowserType, found: EngineFound, options: LaunchOptions, settings: PlaywrightOptions, contexts: BrowserContextOptions = {}): Promise<RunningEngine> {
  const group = watchForGroup()
  const launching = type.launch({
    ...settings,
    executablePath: found.executable_path,
    env: { ...definedOnly(process.env), ...settings.env, [MARKER]: group.marker },
    timeout: options.limit_ms,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  try {
    const browser = await within(options.limit_ms + SLACK_MS, `launching ${found.engine}`, launching, options.signal)
    return runningBrowser(browser, found, group.id(), contexts)
  } catch (error) {
    const id = group.id()
    if (id !== null) await endGroup(id, 0)
    void launching.then((browser) => browser.close(), () => {})
    throw launchFailed(found, error)
  } finally {
    group.stop()
  }
}

/** Playwright takes the engines' own exception for loopback away, so the harness needs one. */
export const throughProxy = (proxy_url: string): { server: string; bypass: string } => ({ server: proxy_url, bypass: '127.0.0.1' })

function runningBrowser(browser: Browser, found: EngineFound, group: number | null, contexts: BrowserContextOptions): RunningEngine {
  let closing = false
  const gone = new Promise<string>((resolve) => {
    browser.on('disconnected', () => resolve(closing ? 'closed' : `${found.engine} disconnected or exited`))
  })
  return {
    identity: identify(found, browser.version()),
    gone,
    openPage: (limit_ms) => openPage(browser, found, { gone, contexts, limit_ms }),
    pids: () => (group === null ? [] : groupMembers(group)),
    close: async () => {
      closing = true
      await settleWithin(CLOSE_LIMIT_MS, browser.close())
      if (group !== null) await endGroup(group, groupMembers(group).length > 0 ? GRACE_MS : 0)
    },
  }
}

interface Opening { gone: Promise<string>; contexts: BrowserContextOptions; limit_ms: number }

async function openPage(browser: Browser, found: EngineFound, { gone: lost, contexts, limit_ms }: Opening): Promise<EnginePage> {
  const opening = browser.newContext(contexts).then(async (context) => ({ context, page: await context.newPage() }))
  try {
    const { context, page } = await within(limit_ms, `opening a page in ${found.engine}`, opening)
    const stopping = found.engine === 'chromium' ? { service_workers: serviceWorkerStopper(page) } : {}
    return enginePage(page, { end: () => context.close(), limit_ms: PAGE_CLOSE_LIMIT_MS, lost, ...stopping })
  } catch (error) {
    void opening.then(({ context }) => context.close(), () => {})
    throw new LanecheckError('engine_launch_failed', `${found.engine} opened no page within ${limit_ms} ms`, { cause: error })
  }
}

/** Playwright does not tell a browser's pid; the environment of the process does. Found early, so that it is tracked while it still starts. */
function watchForGroup(): { marker: string; id(): number | null; stop(): void } {
  const marker = randomUUID()
  let group: number | null = null
  const look = (): number | null => {
    if (group !== null) return group
    group = groupByMarker(`${MARKER}=${marker}`)
    if (group !== null) {
      track(group)
      clearInterval(looking)
    }
    return group
  }
  const looking = setInterval(look, LOOK_EVERY_MS)
  return { marker, id: look, stop: () => clearInterval(looking) }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
