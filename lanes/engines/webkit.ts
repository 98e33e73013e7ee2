import type { ChildProcess } from 'node:child_process'
import { webkit, type Browser } from 'playwright'
import { endGroup, groupMembers, startGroup } from '../processes.js'
import { identify } from './identity.js'
import { launchFailed } from './launch-failed.js'
import { settleWithin, within } from './limit.js'
import { askVersion, miniBrowserEnvironment, temporaryFolder } from './minibrowser.js'
import { enginePage } from './page.js'
import { launchPlaywrightBrowser, throughProxy } from './playwright-browser.js'
import type { EngineFound, EnginePage, LaunchOptions, RunningEngine } from './types.js'
import { connectInspector, freePort } from './webkit-inspector.js'
import { openDisplay, type Display } from './xvfb.js'

const GRACE_MS = 300
const CLOSE_LIMIT_MS = 6_000
const DISCONNECT_LIMIT_MS = 1_000

/** Launches a WebKit: Playwright's own build as one process, a stock WebKitGTK as one MiniBrowser for each page. Throws `engine_launch_failed` or `interrupted`. */
export function launchWebkit(found: EngineFound, options: LaunchOptions): Promise<RunningEngine> {
  if (found.driver_kind !== 'playwright-webkit') return launchWebkitGtk(found, options)
  return launchPlaywrightBrowser(webkit, found, options, { proxy: throughProxy(options.proxy_url) }, { ignoreHTTPSErrors: (options.spki_sha256 ?? null) !== null })
}

/** What the MiniBrowsers of one engine have in common. */
interface Host {
  found: EngineFound
  proxy_url: string
  /** Any certificate is taken: MiniBrowser knows no one key to trust, but nothing outside 127.0.0.1 can be reached to show one. */
  takes_any_certificate: boolean
  env: NodeJS.ProcessEnv
  display: Display
  start_url: string
  /** The MiniBrowsers by their process groups, and how to end each. */
  pages: Map<number, () => Promise<void>>
}

async function launchWebkitGtk(found: EngineFound, options: LaunchOptions): Promise<RunningEngine> {
  const end = Date.now() + options.limit_ms
  const home = temporaryFolder()
  let display: Display | null = null
  try {
    display = await openDisplay(process.env, options.limit_ms, options.signal)
    const env = miniBrowserEnvironment(home.path, display.name)
    const version = await askVersion(found, env, Math.max(1, end - Date.now()), options.signal)
    return runningWebkit({ found, proxy_url: options.proxy_url, takes_any_certificate: (options.spki_sha256 ?? null) !== null, env, display, start_url: options.webkit_start_url ?? 'about:blank', pages: new Map() }, version, home.remove)
  } catch (error) {
    await display?.close()
    home.remove()
    throw launchFailed(found, error)
  }
}

function runningWebkit(host: Host, version: string, removeHome: () => void): RunningEngine {
  let reportClosed = (_why: string): void => {}
  const closed = new Promise<string>((resolve) => (reportClosed = resolve))
  return {
    identity: identify(host.found, version),
    gone: Promise.race([host.display.gone, closed]),
    openPage: (limit_ms) => openPage(host, limit_ms),
    pids: () => [...host.display.pids(), ...[...host.pages.keys()].flatMap(groupMembers)],
    close: async () => {
      reportClosed('closed')
      await Promise.all([...host.pages.values()].map((end) => end()))
      await host.display.close()
      removeHome()
    },
  }
}

async function openPage(host: Host, limit_ms: number): Promise<EnginePage> {
  const port = await freePort()
  const child = startGroup(host.found.executable_path, ['--private', `--proxy=${host.proxy_url}`, '--ignore-host=127.0.0.1', ...(host.takes_any_certificate ? ['--ignore-tls-errors'] : []), host.start_url], {
    env: { ...host.env, WEBKIT_INSPECTOR_HTTP_SERVER: `127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = endOf(child)
  const stop = new AbortController()
  const connecting = connectInspector(port, limit_ms, stop.signal)
  const end = endMiniBrowser(host, child, connecting)
  try {
    const tooEarly = ended.then((why) => Promise.reject(new Error(why)))
    const browser = await within(limit_ms, 'opening a page in webkit', Promise.race([connecting, tooEarly]))
    const page = browser.contexts()[0]?.pages()[0]
    if (page === undefined) throw new Error('MiniBrowser has no page')
    return enginePage(page, { end, limit_ms: CLOSE_LIMIT_MS, lost: ended })
  } catch (error) {
    stop.abort()
    await end()
    throw launchFailed(host.found, error)
  }
}

/** Playwright's side is closed too: it keeps a server for each connection, which alone would keep this process from ending. */
function endMiniBrowser(host: Host, child: ChildProcess, connecting: Promise<Browser>): () => Promise<void> {
  const group = child.pid
  const end = async (): Promise<void> => {
    if (group !== undefined) await endGroup(group, GRACE_MS)
    await settleWithin(DISCONNECT_LIMIT_MS, connecting.then((browser) => browser.close()))
    if (group !== undefined) host.pages.delete(group)
  }
  if (group !== undefined) host.pages.set(group, end)
  return end
}

/** MiniBrowser outlives the process that renders its page, and tells of that only in its warnings. */
const endOf = (child: ChildProcess): Promise<string> => new Promise((resolve) => {
  let warning = ''
  child.stderr?.on('data', (data: Buffer) => {
    const text = data.toString().trim()
    if (text.includes('WebProcess CRASHED')) resolve('the process of the page crashed')
    warning = text.split('\n').at(-1) ?? warning
  })
  child.once('error', (error) => resolve(`MiniBrowser did not start: ${error.message}`))
  child.once('exit', (code, signal) => resolve(`MiniBrowser ended with ${signal ?? code}${warning === '' ? '' : ` (${warning})`}`))
})
