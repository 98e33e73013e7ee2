import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endGroup, startGroup } from '../processes.js'
import { within } from './limit.js'
import type { EngineFound } from './types.js'

/** A folder for all that MiniBrowsers keep; gone with `remove`, or with this process. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lanecheck-webkit-'))
  const onExit = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 2 })
  process.once('exit', onExit)
  const remove = (): void => {
    process.removeListener('exit', onExit)
    onExit()
  }
  return { path, remove }
}

/** No session bus, no settings daemon, no accessibility bus: each would be a program that outlives the page. All state goes to `home`. */
export function miniBrowserEnvironment(home: string, display: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DISPLAY: display, GDK_BACKEND: 'x11',
    DBUS_SESSION_BUS_ADDRESS: 'disabled:', NO_AT_BRIDGE: '1', GTK_A11Y: 'none', GIO_USE_VFS: 'local', GSETTINGS_BACKEND: 'memory',
    LIBGL_ALWAYS_SOFTWARE: '1',
    XDG_DATA_HOME: join(home, 'data'), XDG_CACHE_HOME: join(home, 'cache'), XDG_CONFIG_HOME: join(home, 'config'), XDG_RUNTIME_DIR: home,
  }
}

/** MiniBrowser tells its version only where it has a display, and Playwright does not tell it at all. Within `limit_ms`. */
export async function askVersion(found: EngineFound, env: NodeJS.ProcessEnv, limit_ms: number, signal?: AbortSignal): Promise<string> {
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
