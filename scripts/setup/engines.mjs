import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { reason, run } from './run.mjs'

export const ENGINES = ['chromium', 'firefox', 'webkit']
// Measured: where its hosts have no address, the installer gives up after 3 to 4 s. Behind a wall that swallows packets
// it waits 30 s for each of five tries unless told otherwise.
const INSTALLER = { limit_ms: 5 * 60_000, idle_ms: 60_000, env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000', ...process.env } }
const APT_UPDATE = { limit_ms: 3 * 60_000, idle_ms: 60_000 }
const APT_INSTALL = { limit_ms: 10 * 60_000, idle_ms: 3 * 60_000 }

/** Each engine: found, else Playwright's installer, else apt, else told what to type. Returns those that are missing. */
export async function setUpEngines(engines, say) {
  // The very search that runs use, from the build.
  const { findEngine, ENGINE_PATH_VARIABLES, DEBIAN_PACKAGES } = await import(pathToFileURL('dist/lanes/engines/find.js').href)
  const ways = [playwrightInstaller(say), aptInstaller(say, DEBIAN_PACKAGES)]
  const missing = []
  for (const engine of engines) {
    let answer = findEngine(engine)
    // A path that somebody named is theirs to mend.
    const named = Boolean(process.env[ENGINE_PATH_VARIABLES[engine]])
    for (const install of named ? [] : ways) {
      if (answer.found) break
      if (await install(engine)) answer = findEngine(engine)
    }
    if (answer.found) continue
    missing.push(answer)
    say(`no ${engine}: ${answer.reason}. Its lanes will end as not_run. To have it: ${answer.install}`)
  }
  return missing
}

/** A way to install that failed once in this run is not tried for the next engine. */
function once(say, attempt) {
  let failed = false
  return async (engine) => {
    if (failed) return false
    const failure = await attempt(engine)
    if (failure === null) return true
    failed = true
    if (failure !== '') say(failure)
    return false
  }
}

function playwrightInstaller(say) {
  const cli = 'node_modules/playwright/cli.js'
  return once(say, async (engine) => {
    say(`no ${engine} here; trying Playwright's installer`)
    const result = await run(process.execPath, [cli, 'install', engine], INSTALLER)
    if (result.code !== 0) return `Playwright's installer failed (${reason(result)})`
    if (hasApt()) await run(process.execPath, [cli, 'install-deps', engine], APT_INSTALL)
    return null
  })
}

function aptInstaller(say, packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  let updated = false
  const update = async () => {
    updated = true
    const result = await run('apt-get', ['update'], { ...APT_UPDATE, env })
    return result.code === 0 ? null : `apt-get update failed (${reason(result)})`
  }
  const prepare = once(say, async () => (!hasApt() ? '' : updated ? null : await update()))
  return async (engine) => {
    if (!(await prepare(engine))) return false
    say(`installing ${packages[engine].join(', ')} (apt-get)`)
    const result = await run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '--no-install-recommends', ...packages[engine]], { ...APT_INSTALL, env })
    if (result.code !== 0) say(`apt-get failed (${reason(result)})`)
    return result.code === 0
  }
}

const hasApt = () => process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
