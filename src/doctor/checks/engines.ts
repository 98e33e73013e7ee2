import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { findEngine } from '../../../lanes/engines/find.js'
import { settleWithin } from '../../../lanes/engines/limit.js'
import { candidatePaths } from '../../../lanes/engines/machine.js'
import type { EngineFound } from '../../../lanes/engines/types.js'
import { openDisplay } from '../../../lanes/engines/xvfb.js'
import { isLanecheckError } from '../../contract/errors.js'
import { ENGINES, type Engine } from '../../contract/vocabulary.js'
import { closeServers, trackConnections } from '../../loopback/listeners.js'
import { failed, note, ok, type Check, type Told } from '../check.js'
import type { Desk } from '../desk.js'

const LAUNCH_LIMIT_MS = 45_000
const PAGE_LIMIT_MS = 20_000
const GOTO_LIMIT_MS = 10_000
const CLOSE_LIMIT_MS = 10_000
const DISPLAY_LIMIT_MS = 10_000

/** One check an engine: found, and unless told otherwise started behind the wall, where its page must reach the loopback. */
export const engines: readonly Check[] = ENGINES.map((engine) => ({
  check: engine, spoils: 3, limit_ms: LAUNCH_LIMIT_MS + PAGE_LIMIT_MS + GOTO_LIMIT_MS + CLOSE_LIMIT_MS,
  run: async (desk, options, signal) => {
    if (!options.engines.includes(engine)) return note('not asked for')
    const found = findEngine(engine, desk.env, desk.machine)
    if (!found.found) return failed(`${found.reason}; its lanes would end as not_run`, found.install)
    if (!options.launch) return note(`${found.engine_product} at ${found.executable_path}, not started`)
    try {
      return await launched(desk, found, signal)
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error), isLanecheckError(error) && error.hint !== null ? error.hint : reinstall(engine, desk))
    }
  },
}))

const reinstall = (engine: Engine, desk: Desk): string => {
  const answer = findEngine(engine, { PATH: '/nonexistent', PLAYWRIGHT_BROWSERS_PATH: '/nonexistent' }, { ...desk.machine, isExecutable: () => false, exists: () => false })
  return answer.found ? `npx playwright install --with-deps ${engine}` : answer.install
}

async function launched({ startProxy, listen }: Desk, found: EngineFound, signal: AbortSignal): Promise<Told> {
  // Not before it is needed: the drivers take longer to load than all the rest.
  const { launchEngine } = await import('../../../lanes/engines/launch.js')
  const sockets = new Set<Socket>()
  let reached = false
  const server = createServer((_, answer) => {
    reached = true
    answer.writeHead(200, { 'content-type': 'text/html' }).end('<title>lanecheck</title>')
  })
  trackConnections(server, sockets)
  const wall = await startProxy()
  try {
    const port = await listen(server, null)
    const running = await launchEngine(found, { proxy_url: wall.url, limit_ms: LAUNCH_LIMIT_MS, signal })
    try {
      const page = await running.openPage(PAGE_LIMIT_MS)
      await page.goto(`http://127.0.0.1:${port}/`, GOTO_LIMIT_MS)
      const { engine_product, engine_version, driver } = running.identity
      return reached ? ok(`${engine_product} ${engine_version} (${driver}) starts, and its page reaches the loopback`) : failed('it starts, but its page does not reach the loopback', 'unset http_proxy HTTP_PROXY   # or look for a policy of the browser that sets a proxy')
    } finally {
      await settleWithin(CLOSE_LIMIT_MS, running.close())
    }
  } finally {
    await closeServers([server], sockets)
    await wall.close()
  }
}

/** The stock WebKitGTK that a run would take; null when it would take none. `DISPLAY` is another check's business. */
function stockWebkit({ env, machine }: Desk): EngineFound | null {
  const found = findEngine('webkit', { ...env, DISPLAY: env.DISPLAY || ':0' }, machine)
  return found.found && found.driver_kind === 'webkit-inspector' ? found : null
}

export const display: Check = {
  check: 'display', spoils: 3, limit_ms: DISPLAY_LIMIT_MS + 5_000,
  run: async (desk, { engines: wanted, launch }, signal) => {
    const { env, machine } = desk
    if (!wanted.includes('webkit') || stockWebkit(desk) === null) return note('no engine here needs one')
    if (env.DISPLAY) return ok(`WebKitGTK takes ${env.DISPLAY}`)
    const apt = `${machine.is_root ? '' : 'sudo '}apt-get install -y --no-install-recommends xvfb`
    if (!candidatePaths('Xvfb', env).some((path) => machine.isExecutable(path))) return failed('WebKitGTK needs a display: DISPLAY is empty and Xvfb is not installed', apt)
    if (!launch) return note('Xvfb is there, not started')
    try {
      const shown = await openDisplay(env, DISPLAY_LIMIT_MS, signal)
      await shown.close()
      return ok('Xvfb starts')
    } catch (error) {
      return failed(`Xvfb does not start: ${error instanceof Error ? error.message : String(error)}`, `Xvfb -displayfd 1   # says why; then ${apt.replace(' install', ' install --reinstall')}`)
    }
  },
}

/** What MiniBrowser starts or loads for each page. */
const PARTS = ['WebKitWebProcess', 'WebKitNetworkProcess', 'injected-bundle/libwebkit2gtkinjectedbundle.so']

export const webkitParts: Check = {
  check: 'webkit_parts', spoils: 3, limit_ms: 2_000,
  run: async (desk, { engines: wanted }) => {
    const found = wanted.includes('webkit') ? stockWebkit(desk) : null
    if (found === null) return note('no stock WebKitGTK is asked for')
    const missing = PARTS.filter((part) => !existsSync(join(dirname(desk.machine.realPath(found.executable_path)), part)))
    return missing.length === 0 ? ok(`MiniBrowser has its processes beside it`) : failed(`beside ${found.executable_path} there is no ${missing.join(', ')}`, `${desk.machine.is_root ? '' : 'sudo '}apt-get install --reinstall -y libwebkit2gtk-4.1-0`)
  },
}
