import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { failed, ok, warning, type Check } from '../check.js'

interface Manifest { engines: { node: string }; dependencies: Record<string, string> }
const manifestOf = (root: string): Manifest => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
const numbers = (version: string): number[] => (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number)

/** -1, 0 or 1, as by semantic versioning without its tags. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [numbers(one), numbers(other)]
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    if ((left[at] ?? 0) !== (right[at] ?? 0)) return Math.sign((left[at] ?? 0) - (right[at] ?? 0))
  }
  return 0
}

export const node: Check = {
  check: 'node', spoils: 64, limit_ms: 1_000,
  run: async ({ node_version, root }) => {
    const { node: wanted } = manifestOf(root).engines
    const least = wanted.replace(/^\D+/, '')
    return compareVersions(node_version, least) < 0 ? failed(`Node ${node_version}; lanecheck needs ${least} or newer`, `nvm install ${least.split('.')[0]}   # or Node ${least} from nodejs.org`) : ok(`Node ${node_version} (wanted ${wanted})`)
  },
}

/** What a run reads of the build, beside the command line itself. */
const BUILT = [
  'dist/agent.js', 'dist/lab-host.js', 'dist/artifacts/reference.js', 'dist/artifacts/canary.js', 'dist/artifacts/native.js', 'dist/src/lab/lab-worker.js', 'dist/bridge/worker.js',
  'dist/host-probes/realm.js', 'dist/host-probes/recorder/install.js',
]
const SOURCES = ['src', 'lanes', 'host-probes', 'bridge', 'subjects']

export const build: Check = {
  check: 'build', spoils: 70, limit_ms: 5_000,
  run: async ({ root }) => {
    const clone = existsSync(join(root, 'scripts/build.mjs'))
    const mend = clone ? 'npm run build' : 'npm install lanecheck   # anew'
    const missing = BUILT.filter((path) => !existsSync(join(root, path)))
    if (missing.length > 0) return failed(`the package's own build lacks ${missing.join(', ')}`, mend)
    const newer = clone ? newerThan(root, Math.min(...BUILT.map((path) => statSync(join(root, path)).mtimeMs))) : null
    return newer === null ? ok(`${BUILT.length} parts of the build are there`) : warning(`${newer} is newer than the build: what runs is not what the sources say`, mend)
  },
}

/** The first source file that was changed after a moment. */
function newerThan(root: string, moment: number): string | null {
  for (const folder of SOURCES.filter((name) => existsSync(join(root, name)))) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile() && /\.ts$/.test(entry.name) && statSync(path).mtimeMs > moment) return path.slice(root.length + 1)
    }
  }
  return null
}

export const driver: Check = {
  check: 'driver', spoils: 3, limit_ms: 5_000,
  run: async ({ root }) => {
    const wanted = manifestOf(root).dependencies.playwright ?? ''
    const mend = `npm install playwright@${wanted}`
    try {
      const { version } = createRequire(join(root, 'package.json'))('playwright/package.json') as { version: string }
      return version === wanted ? ok(`playwright ${version}`) : failed(`playwright ${version}; the kit drives engines by ${wanted}, and other versions lose stock Firefox`, mend)
    } catch {
      return failed('playwright, which drives the engines, is not installed', mend)
    }
  },
}
