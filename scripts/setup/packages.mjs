import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { reason, run } from './run.mjs'

const STAMP = 'node_modules/.lanecheck-stamp'
const INSTALLED = 'node_modules/.package-lock.json'
const LIMIT_MS = 10 * 60_000

/** The npm packages of `package-lock.json`, installed unless they are there. */
export async function setUpPackages(say) {
  const lock = readFileSync('package-lock.json', 'utf8')
  const digest = createHash('sha256').update(lock).digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return
  if (!isInstalled(JSON.parse(lock))) {
    say('installing npm packages (npm ci)')
    const [command, ...first] = npm()
    const result = await run(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { limit_ms: LIMIT_MS })
    if (result.code !== 0) throw new Error(`npm ci failed: ${reason(result)}\n${result.output.trim().split('\n').slice(-15).join('\n')}`)
  }
  writeFileSync(STAMP, digest)
}

/** Someone may have run npm without us: its own list of what it installed says whether that fits the lock. */
function isInstalled(lock) {
  if (!existsSync(INSTALLED)) return false
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages
  return Object.entries(lock.packages).every(([path, wanted]) => path === '' || (wanted.optional && !installed[path]) || installed[path]?.integrity === wanted.integrity)
}

/** The npm that started us, when one did. */
const npm = () => (process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'])
