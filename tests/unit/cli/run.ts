import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The clone's root. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

export interface Ended { code: number | null; stdout: string; stderr: string }
export interface RunOptions { cwd: string; env?: Record<string, string>; limit_ms: number }

/** Runs a program to its end; it is killed, with all it started, when its time is up. */
export function run(command: string, args: readonly string[], { cwd, env = {}, limit_ms }: RunOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...outerEnvironment(), ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const limit = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), limit_ms)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(limit)
      resolve({ code, stdout, stderr })
    })
  })
}

/** As a user's shell would have it: without what npm tells its own scripts, and what Vitest tells its tests. */
function outerEnvironment(): NodeJS.ProcessEnv {
  const inner = /^(npm_(package|lifecycle|config_(local_)?prefix|command|execpath)|INIT_CWD$|VITEST|NODE_ENV$|FORCE_COLOR$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !inner.test(name)))
}

/** No browser is to be started: each is looked for where nothing is. */
export const NO_ENGINES = { LANECHECK_CHROMIUM: '/nonexistent/chromium', LANECHECK_FIREFOX: '/nonexistent/firefox', LANECHECK_WEBKIT: '/nonexistent/webkit' }

/** Runs the built command line in a folder, with no engine to be had. */
export const lanecheck = (cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  run(process.execPath, [join(ROOT, 'dist/src/cli/main.js'), ...args], { cwd, env: { ...NO_ENGINES, ...env }, limit_ms: 25_000 })
