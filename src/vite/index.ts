import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'
import { LanecheckError } from '../contract/errors.js'
import { BUILD_TIMES, type BuildTime } from './built-package.js'
import { shown } from './crate.js'
import { wasmPlugin } from './plugin.js'
import { WASM_DELIVERIES, type WasmDelivery } from './wasm-delivery.js'

export type { BuildTime } from './built-package.js'
export type { WasmDelivery } from './wasm-delivery.js'

/** What `lanecheck/vite` takes. */
export interface WasmPackOptions {
  /** Folder of the crate's `Cargo.toml`, from the folder that Vite was started in. */
  crate: string
  /** Folder of its built package; `pkg` in the crate when left out. */
  pkg?: string
  /** `inline`: the wasm is a part of the script, which needs nothing else then; `url`, which is so when left out: a file beside it. */
  wasm?: WasmDelivery
  /** `stale`, which is so when left out: when the package is missing, older than its source or built with another `profile` or other `args`; `always`: at every start; `never`: by hand only. */
  build?: BuildTime
  /** Of wasm-pack; `release` when left out. */
  profile?: 'dev' | 'profiling' | 'release'
  /** More arguments for `wasm-pack build`, as in `['--', '--features', 'x']`. */
  args?: readonly string[]
  /** Longest a build may take, in ms; 300,000 when left out. */
  limit_ms?: number
}

/**
 * A Vite plugin for a Rust crate: builds it through wasm-pack when one is on the PATH, else takes the built package and refuses one
 * that is older than its source; finds the package by its name; delivers its wasm inlined or by URL.
 * Throws `usage`; while it runs `package_stale`, `package_not_found`, `package_unreadable`, `wasm_pack_failed`.
 */
export function wasmPack(options: string | WasmPackOptions): Plugin {
  const { crate, pkg, wasm = 'url', build = 'stale', profile = 'release', args = [], ...more } = typeof options === 'string' ? { crate: options } : options
  oneOf('wasm', wasm, WASM_DELIVERIES)
  oneOf('build', build, BUILD_TIMES)
  const dir = resolve(crate)
  if (!existsSync(join(dir, 'Cargo.toml'))) throw new LanecheckError('usage', `there is no crate at ${shown(dir)}: no Cargo.toml`, { where: 'crate', hint: 'name the folder of the Cargo.toml' })
  return wasmPlugin({ ...more, profile, args, build, wasm, crates: [{ dir, pkg: pkg === undefined ? join(dir, 'pkg') : resolve(pkg) }], note: (line) => console.info(`lanecheck: ${line}`) })
}

export default wasmPack

function oneOf(name: string, value: string, all: readonly string[]): void {
  if (!all.includes(value)) throw new LanecheckError('usage', `${name} cannot be "${value}"`, { where: name, hint: `one of: ${all.join(', ')}` })
}
