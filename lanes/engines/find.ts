import { dirname, join } from 'node:path'
import type { Engine } from '../../src/contract/vocabulary.js'
import { candidatePaths, thisMachine, type Machine } from './machine.js'
import type { DriverKind, EngineFound, EngineMissing, EngineProduct } from './types.js'

/** The environment variable that names an engine's program outright. */
export const ENGINE_PATH_VARIABLES = { chromium: 'LANECHECK_CHROMIUM', firefox: 'LANECHECK_FIREFOX', webkit: 'LANECHECK_WEBKIT' } as const satisfies Record<Engine, string>

/** The Debian packages that bring an engine. */
export const DEBIAN_PACKAGES = { chromium: ['chromium'], firefox: ['firefox-esr'], webkit: ['libwebkit2gtk-4.1-0', 'xvfb'] } as const satisfies Record<Engine, readonly string[]>

const SYSTEM_PROGRAMS: Record<'chromium' | 'firefox', string[]> = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
}
const MAC_PROGRAMS: Record<'chromium' | 'firefox', string[]> = {
  chromium: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  firefox: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
}
const CUSTOM: Record<Engine, EngineProduct> = { chromium: 'custom-chromium', firefox: 'custom-firefox', webkit: 'custom-webkit' }
const PLAYWRIGHT: Record<Engine, { product: EngineProduct; driver: DriverKind }> = {
  chromium: { product: 'playwright-chromium', driver: 'cdp' },
  firefox: { product: 'playwright-firefox', driver: 'juggler' },
  webkit: { product: 'playwright-webkit', driver: 'playwright-webkit' },
}

/**
 * Looks for an engine: the path that `LANECHECK_CHROMIUM`, `LANECHECK_FIREFOX` or `LANECHECK_WEBKIT` names,
 * else Playwright's own build, else the system's. A named path that is not there is an answer, never skipped.
 */
export function findEngine(engine: Engine, env: NodeJS.ProcessEnv = process.env, machine: Machine = thisMachine): EngineFound | EngineMissing {
  const named = env[ENGINE_PATH_VARIABLES[engine]]
  const found = named ? atNamedPath(engine, named, env, machine) : (playwrightBuild(engine, env, machine) ?? systemBrowser(engine, env, machine))
  if (found === null) return missing(engine, DEBIAN_PACKAGES[engine], notFoundReason(engine, machine), machine)
  return found.found && lacksDisplay(found, env, machine) ? missing(engine, ['xvfb'], 'WebKitGTK needs a display: DISPLAY is empty and Xvfb is not installed', machine) : found
}

function atNamedPath(engine: Engine, path: string, env: NodeJS.ProcessEnv, machine: Machine): EngineFound | EngineMissing {
  const variable = ENGINE_PATH_VARIABLES[engine]
  if (!machine.isExecutable(path)) {
    const reason = machine.exists(path) ? `${variable} names ${path}, which is not executable` : `${variable} names ${path}, which does not exist`
    return { found: false, engine, install: `unset ${variable}   # or set it to the path of a ${engine} program`, reason }
  }
  const own = [playwrightBuild(engine, env, machine), systemBrowser(engine, env, machine)].find((one) => one?.executable_path === path)
  return own ?? { found: true, engine, engine_product: CUSTOM[engine], executable_path: path, driver_kind: customDriver(engine, path, machine) }
}

/** Playwright's patched builds are told from stock ones by the files that lie beside them. */
function customDriver(engine: Engine, path: string, machine: Machine): DriverKind {
  if (engine === 'chromium') return 'cdp'
  if (engine === 'firefox') return machine.exists(join(dirname(machine.realPath(path)), 'playwright.cfg')) ? 'juggler' : 'bidi'
  return path.endsWith('pw_run.sh') ? 'playwright-webkit' : 'webkit-inspector'
}

function playwrightBuild(engine: Engine, env: NodeJS.ProcessEnv, machine: Machine): EngineFound | null {
  const path = machine.playwrightBuild(engine, env)
  if (path === null || !machine.exists(path)) return null
  return { found: true, engine, engine_product: PLAYWRIGHT[engine].product, executable_path: path, driver_kind: PLAYWRIGHT[engine].driver }
}

function systemBrowser(engine: Engine, env: NodeJS.ProcessEnv, machine: Machine): EngineFound | null {
  if (engine === 'webkit') return webkitGtk(machine)
  const names = SYSTEM_PROGRAMS[engine].flatMap((name) => candidatePaths(name, env))
  const path = [...names, ...(machine.platform === 'darwin' ? MAC_PROGRAMS[engine] : [])].find((one) => machine.isExecutable(one))
  if (path === undefined) return null
  return { found: true, engine, engine_product: systemProduct(engine, path, machine), executable_path: path, driver_kind: engine === 'chromium' ? 'cdp' : 'bidi' }
}

function systemProduct(engine: 'chromium' | 'firefox', path: string, machine: Machine): EngineProduct {
  if (engine === 'firefox') return machine.realPath(path).includes('firefox-esr') ? 'firefox-esr' : 'system-firefox'
  return path === '/usr/bin/chromium' && machine.os_family.includes('debian') ? 'debian-chromium' : 'system-chromium'
}

/** MiniBrowser lies beside the library, in a folder named after the architecture: `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/`. */
function webkitGtk(machine: Machine): EngineFound | null {
  const paths = ['/usr/lib', '/usr/lib64', '/usr/libexec']
    .flatMap((folder) => [folder, ...machine.list(folder).filter((name) => name.includes('-linux-')).map((name) => join(folder, name))])
    .map((folder) => join(folder, 'webkit2gtk-4.1', 'MiniBrowser'))
  const path = paths.find((one) => machine.isExecutable(one))
  return path === undefined ? null : { found: true, engine: 'webkit', engine_product: 'webkitgtk', executable_path: path, driver_kind: 'webkit-inspector' }
}

const lacksDisplay = (found: EngineFound, env: NodeJS.ProcessEnv, machine: Machine): boolean =>
  found.driver_kind === 'webkit-inspector' && !env.DISPLAY && !candidatePaths('Xvfb', env).some((path) => machine.isExecutable(path))

function missing(engine: Engine, packages: readonly string[], reason: string, machine: Machine): EngineMissing {
  const apt = `${machine.is_root ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages.join(' ')}`
  return { found: false, engine, install: machine.os_family.includes('debian') ? apt : `npx playwright install --with-deps ${engine}`, reason }
}

function notFoundReason(engine: Engine, machine: Machine): string {
  const looked = engine === 'webkit' ? 'no MiniBrowser of WebKitGTK 4.1' : `no ${SYSTEM_PROGRAMS[engine].join(', ')} on PATH`
  return `no build of Playwright's own, and ${machine.platform === 'linux' || engine !== 'webkit' ? looked : 'no WebKit to drive on this platform'}`
}
