import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { endGroup, startGroup } from '../../lanes/processes.js'
import { shown, type Crate } from './crate.js'

/** Longest a build may take when nobody says, in ms. */
export const BUILD_LIMIT_MS = 300_000
/** How much of what it printed is shown when it fails. */
const SHOWN_LINES = 40

/** The wasm-pack that the shell would run; null when there is none. */
export function findWasmPack(path: string = process.env.PATH ?? ''): string | null {
  const names = process.platform === 'win32' ? ['wasm-pack.exe', 'wasm-pack.cmd'] : ['wasm-pack']
  return path.split(delimiter).filter((folder) => folder !== '').flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

export interface WasmPackOptions {
  /** As wasm-pack takes them after its own, as in `['--', '--features', 'x']`. */
  args: readonly string[]
  profile: 'dev' | 'profiling' | 'release'
  /** After which the build is ended, with all it started. */
  limit_ms: number
}

/** What wasm-pack is called with: the target whose glue runs in every realm. */
export const buildArguments = ({ dir, pkg }: Crate, { args, profile }: Pick<WasmPackOptions, 'args' | 'profile'>): string[] =>
  ['build', dir, '--target', 'web', `--${profile}`, '--out-dir', pkg, ...args]

/** Builds a crate into its package. Throws `wasm_pack_failed` with what it printed, also when it takes longer than its limit. */
export async function runWasmPack(command: string, crate: Crate, options: WasmPackOptions): Promise<void> {
  const { output, ended } = await bounded(command, buildArguments(crate, options), crate.dir, options.limit_ms)
  if (ended === null) return
  const text = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')
  throw new LanecheckError('wasm_pack_failed', `wasm-pack ${ended}${text === '' ? '' : `:\n${text}`}`, { where: shown(join(crate.dir, 'Cargo.toml')), hint: 'mend the crate, or build it by hand: wasm-pack build --target web' })
}

/** The version that it tells; `unknown` when it does not within 5 s. */
export async function wasmPackVersion(command: string): Promise<string> {
  const { output, ended } = await bounded(command, ['--version'], process.cwd(), 5_000)
  return (ended === null ? /\d+\.\d+\.\d+\S*/.exec(output)?.[0] : undefined) ?? 'unknown'
}

function bounded(command: string, args: readonly string[], cwd: string, limit_ms: number): Promise<{ output: string; ended: string | null }> {
  return new Promise((resolve) => {
    const child = startGroup(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let late = false
    const keep = (text: Buffer): void => { output = (output + text.toString('utf8')).slice(-200_000) }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const limit = setTimeout(() => {
      late = true
      if (child.pid !== undefined) void endGroup(child.pid, 1_000)
    }, limit_ms)
    const end = (how: string | null): void => {
      clearTimeout(limit)
      if (child.pid !== undefined) void endGroup(child.pid, 0)
      resolve({ output, ended: late ? `did not end within ${limit_ms} ms` : how })
    }
    child.once('error', (error) => end(`cannot be started: ${error.message}`))
    child.once('close', (code, signal) => end(code === 0 ? null : `ended with ${signal ?? code}`))
  })
}
