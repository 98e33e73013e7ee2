import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webkit } from 'playwright'
import { endGroup, groupMembers, startGroup } from '../processes.js'
import { identify } from './identity.js'
import { launchFailed } from './launch-failed.js'
import { within } from './limit.js'
import { enginePage } from './page.js'
import { launchPlaywrightBrowser, throughProxy } from './playwright-browser.js'
import type { EngineFound, EnginePage, LaunchOptions, RunningEngine } from './types.js'
import { connectInspector, freePort } from './webkit-inspector.js'
import { openDisplay, type Display } from './xvfb.js'

const GRACE_MS = 300
const CLOSE_LIMIT_MS = 5_000

/** Launches a WebKit: Playwright's own build as one process, a stock WebKitGTK as one MiniBrowser for each page. Throws `engine_launch_failed` or `interrupted`. */
export function launchWebkit(found: EngineFound, options: LaunchOptions): Promise<RunningEngine> {
  if (found.driver_kind !== 'playwright-webkit') return launchWebkitGtk(found, options)
  return launchPlaywrightBrowser(webkit, found, options, { proxy: throughProxy(options.proxy_url) })
}

/** What the MiniBrowsers of one engine have in common. */
interface Host {
  found: EngineFound
  proxy_url: string
  env: NodeJS.ProcessEnv
  display: Display
  groups: Set<number>
}

async function launchWebkitGtk(found: EngineFound, options: LaunchOptions): Promise<RunningEngine> {
  const end = Date.now() + options.limit_ms
  const home = temporaryFolder()
  let display: Display | null = null
  try {
    display = await openDisplay(process.env, options.limit_ms, options.signal)
    const env = miniBrowserEnvironment(home.path, display.name)
    const version = await askVersion(found, env, Math.max(1, end - Date.now()), options.signal)
    return runningWebkit({ found, proxy_url: options.proxy_url, env, display, groups: new Set() }, version, home.remove)
  } catch (error) {
    await display?.close()
    home.remove()
    throw launchFailed(found, error)
  }
}

/** Gone with `remove`, or with this process. */
function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lanecheck-webkit-'))
  const onExit = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 2 })
  process.once('exit', onExit)
  const remove = (): void => {
    process.removeListener('exit', onExit)
    onExit()
  }
  return { path, remove }
}

function runningWebkit(host: Host, version: string, removeHome: () => void): RunningEngine {
  let reportClosed = (_why: string): void => {}
  const closed = new Promise<string>((resolve) => (reportClosed = resolve))
  return {
    identity: identify(host.found, version),
    gone: Promise.race([host.display.gone, closed]),
    openPage: (limit_ms) => openPage(host, limit_ms),
    pids: () => [...host.display.pids(), ...[...host.groups].flatMap(groupMembers)],
    close: async () => {
      reportClosed('closed')
      await Promise.all([...host.groups].map((group) => endMiniBrowser(host, group)))
      await host.display.close()
      removeHome()
    },
  }
}

async function openPage(host: Host, limit_ms: number): Promise<EnginePage> {
  const port = await freePort()
  const child = startGroup(host.found.executable_path, ['--private', `--proxy=${host.proxy_url}`, '--ignore-host=127.0.0.1', 'about:blank'], {
    env: { ...host.env, WEBKIT_INSPECTOR_HTTP_SERVER: `127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const group = child.pid
  if (group !== undefined) host.groups.add(group)
  const ended = endOf(child)
  const stop = new AbortController()
  try {
    const tooEarly = ended.then((why) => Promise.reject(new Error(why)))
    const browser = await within(limit_ms, 'opening a page in webkit', Promise.race([connectInspector(port, limit_ms, stop.signal), tooEarly]))
    const page = browser.contexts()[0]?.pages()[0]
    if (page === undefined) throw new Error('MiniBrowser has no page')
    const end = async (): Promise<void> => void (group !== undefined && (await endMiniBrowser(host, group)))
    return enginePage(page, { end, limit_ms: CLOSE_LIMIT_MS, lost: ended })
  } catch (error) {
    if (group !== undefined) await endMiniBrowser(host, group)
    throw launchFailed(host.found, error)
  } finally {
    stop.abort()
  }
}

async function endMiniBrowser(host: Host, group: number): Promise<void> {
  await endGroup(group, GRACE_MS)
  host.groups.delete(group)
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

/** No session bus, no settings daemon, no accessibility bus: each would be a program that outlives the page. All state goes to `home`. */
function miniBrowserEnvironment(home: string, display: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DISPLAY: display, GDK_BACKEND: 'x11',
    DBUS_SESSION_BUS_ADDRESS: 'disabled:', NO_AT_BRIDGE: '1', GTK_A11Y: 'none', GIO_USE_VFS: 'local', GSETTINGS_BACKEND: 'memory',
    LIBGL_ALWAYS_SOFTWARE: '1',
    XDG_DATA_HOME: join(home, 'data'), XDG_CACHE_HOME: join(home, 'cache'), XDG_CONFIG_HOME: join(home, 'config'), XDG_RUNTIME_DIR: home,
  }
}

/** MiniBrowser tells its version only where it has a display, and Playwright does not tell it at all. */
async function askVersion(found: EngineFound, env: NodeJS.ProcessEnv, limit_ms: number, signal?: AbortSignal): Promise<string> {
  const child = startGroup(found.executable_path, ['--version'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    let text = ''
    child.stdout?.on('data', (data: Buffer) => (text += data.toString()))
    const closed = new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', () => resolve())
    })
    await within(limit_ms, 'asking MiniBrowser for its version', closed, signal)
    const version = /WebKit\S*\s+(\d+(?:\.\d+)+)/.exec(text)?.[1]
    if (version === undefined) throw new Error('it does not say that it is a WebKit')
    return version
  } finally {
    if (child.pid !== undefined) await endGroup(child.pid, 0)
  }
}
