import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { Engine } from '../../src/contract/vocabulary.js'

/** What the search for engines may ask of a machine. */
export interface Machine {
  platform: NodeJS.Platform
  is_root: boolean
  /** Of `/etc/os-release`: `ID` and `ID_LIKE`, in lower case. */
  os_family: string[]
  isExecutable(path: string): boolean
  exists(path: string): boolean
  /** The path behind links; the path itself when it cannot be resolved. */
  realPath(path: string): string
  list(folder: string): string[]
  /** Where Playwright keeps its own build, whether it is there or not; null when Playwright has none for this machine. */
  playwrightBuild(engine: Engine, env: NodeJS.ProcessEnv): string | null
}

/** The machine this process runs on. */
export const thisMachine: Machine = {
  platform: process.platform,
  is_root: process.getuid?.() === 0,
  os_family: osFamily(),
  exists: existsSync,
  isExecutable: (path) => succeeds(() => accessSync(path, constants.X_OK)),
  realPath: (path) => (existsSync(path) ? realpathSync(path) : path),
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  playwrightBuild,
}

/** The absolute paths that a program's name may stand for, in the order of `PATH`; `/usr/bin` is always among them. */
export function candidatePaths(name: string, env: NodeJS.ProcessEnv): string[] {
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin']
  return [...new Set(folders.map((folder) => join(folder, name)))]
}

/** A line of `/etc/os-release`, unquoted; null when the file or the key is not there. */
export function osRelease(key: string): string | null {
  if (!existsSync('/etc/os-release')) return null
  const line = readFileSync('/etc/os-release', 'utf8').split('\n').find((one) => one.startsWith(`${key}=`))
  return line === undefined ? null : line.slice(key.length + 1).replace(/^"|"$/g, '')
}

function osFamily(): string[] {
  return `${osRelease('ID') ?? ''} ${osRelease('ID_LIKE') ?? ''}`.toLowerCase().split(/\s+/).filter(Boolean)
}

function succeeds(attempt: () => void): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

/** Loading Playwright takes 0.4 s, so it is asked only where its folder holds a build of the engine. */
function playwrightBuild(engine: Engine, env: NodeJS.ProcessEnv): string | null {
  const require = createRequire(import.meta.url)
  const folder = browsersFolder(env, () => dirname(createRequire(require.resolve('playwright/package.json')).resolve('playwright-core/package.json')))
  if (!thisMachine.list(folder).some((name) => name.startsWith(`${engine}-`))) return null
  const playwright = require('playwright') as typeof import('playwright')
  return playwright[engine].executablePath()
}

function browsersFolder(env: NodeJS.ProcessEnv, packageFolder: () => string): string {
  const chosen = env.PLAYWRIGHT_BROWSERS_PATH
  if (chosen === '0') return join(packageFolder(), '.local-browsers')
  if (chosen) return chosen
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ms-playwright')
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'ms-playwright')
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright')
}
