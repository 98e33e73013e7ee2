import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { endGroup, startGroup } from '../../lanes/processes.js'
import { shown, type Crate } from './crate.js'

/** Longest a build may take when nobody says, in ms. */
export const BUILD_LIMIT_MS = 300_000
/** How long it may take to end by itself when it is to, and how long what it printed is waited for once it has ended, in ms. */
const [GRACE_MS, DRAIN_MS] = [1_000, 500]
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

const PROFILES = ['dev', 'profiling', 'release'] as const

/** How a package is built. */
interface Built {
  /** As wasm-pack takes them after its own, as in `['--', '--features', 'x']`. */
  args: readonly string[]
  profile: (typeof PROFILES)[number]
}

export interface WasmPackOptions extends Built {
  /** After which the build is ended, with all it started, in ms. */
  limit_ms: number
  /** Ends it at once. */
  signal?: AbortSignal
}

/** What wasm-pack is called with, without the places: the target whose glue runs in every realm. */
const FIXED = ['build', '--target', 'web'] as const
export const flagsOf = ({ args, profile }: Built): string[] => [...FIXED, `--${profile}`, ...args]

/** What such flags stand for; null for those of another. */
export function readFlags(flags: readonly string[]): Built | null {
  const profile = PROFILES.find((one) => flags[FIXED.length] === `--${one}`)
  return profile === undefined || FIXED.some((word, at) => flags[at] !== word) ? null : { profile, args: flags.slice(FIXED.length + 1) }
}

const buildArguments = ({ dir, pkg }: Crate, { args, profile }: Built): string[] =>
  ['build', dir, '--target', 'web', `--${profile}`, '--out-dir', pkg, ...args]

/** Builds a crate into its package. Throws `wasm_pack_failed` with what it printed, also when it takes longer than its limit; `interrupted` when `signal` aborts. */
export async function runWasmPack(command: string, crate: Crate, options: WasmPackOptions): Promise<void> {
  const { output, ended } = await bounded(command, buildArguments(crate, options), { cwd: crate.dir, ...options })
  if (ended === null) return
  if (options.signal?.aborted === true) throw new LanecheckError('interrupted', 'the build of a crate was interrupted', { where: shown(join(crate.dir, 'Cargo.toml')) })
  const text = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')
  throw new LanecheckError('wasm_pack_failed', `wasm-pack ${ended}${text === '' ? '' : `:\n${text}`}`, { where: shown(join(crate.dir, 'Cargo.toml')), hint: 'mend the crate, or build it by hand: wasm-pack build --target web' })
}

/** The version that it tells; `unknown` when it does not within 5 s. */
export async function wasmPackVersion(command: string): Promise<string> {
  const { output, ended } = await bounded(command, ['--version'], { cwd: process.cwd(), limit_ms: 5_000 })
  return (ended === null ? /\d+\.\d+\.\d+\S*/.exec(output)?.[0] : undefined) ?? 'unknown'
}

/** Runs a program to its end; `ended` says how, null when it ended well. It is waited for, not for whoever else may hold its output. */
function bounded(command: string, args: readonly string[], { cwd, limit_ms, signal }: Pick<WasmPackOptions, 'limit_ms' | 'signal'> & { cwd: string }): Promise<{ output: string; ended: string | null }> {
  if (signal?.aborted === true) return Promise.resolve({ output: '', ended: 'was not started' })
  return new Promise((resolve) => {
    const child = startGroup(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let stopped: string | null = null
    let drain: NodeJS.Timeout | undefined
    const keep = (text: Buffer): void => { output = (output + text.toString('utf8')).slice(-200_000) }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const end = (how: string | null): void => {
      clearTimeout(limit)
      clearTimeout(drain)
      signal?.removeEventListener('abort', onAbort)
      child.stdout?.destroy()
      child.stderr?.destroy()
      if (child.pid !== undefined) void endGroup(child.pid, 0)
      resolve({ output, ended: stopped ?? how })
    }
    const stop = (why: string): void => {
      stopped ??= why
      if (child.pid !== undefined) void endGroup(child.pid, GRACE_MS).then(() => end(why))
    }
    const onAbort = (): void => stop('was interrupted')
    const limit = setTimeout(() => stop(`did not end within ${limit_ms} ms`), limit_ms)
    signal?.addEventListener('abort', onAbort, { once: true })
    child.once('error', (error) => end(`cannot be started: ${error.message}`))
    child.once('exit', (code, by) => {
      const how = code === 0 ? null : `ended with ${by ?? code}`
      drain = setTimeout(() => end(how), DRAIN_MS)
      child.once('close', () => end(how))
    })
  })
}
