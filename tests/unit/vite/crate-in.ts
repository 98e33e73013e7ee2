import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outputsOf, sourcesOf, type Crate } from '../../../src/vite/crate.js'

const EXAMPLE = fileURLToPath(new URL('../../../examples/wasm-pack-crate', import.meta.url))
/** A package that wasm-pack once built of the crate. */
export const BUILT = join(EXAMPLE, 'pkg')

/** A copy of the example's crate and its package, with its provenance or without. */
export function crateIn(dir: string, { provenance = true, built = true } = {}): Crate {
  for (const name of ['Cargo.toml', 'src', ...(built ? ['pkg'] : []), ...(provenance ? ['provenance.json'] : [])]) cpSync(join(EXAMPLE, name), join(dir, name), { recursive: true })
  const crate = { dir, pkg: join(dir, 'pkg') }
  writtenAt([...sourcesOf(crate), ...outputsOf(crate)], 1_000_000)
  return crate
}

/** Gives files a modification time, in s. */
export const writtenAt = (paths: readonly string[], time: number): void => paths.forEach((path) => utimesSync(path, time, time))

/** A program called wasm-pack in a folder for the PATH: it writes down what it is called with, then does what the script says. */
export function fakeWasmPack(dir: string, script: string): { path: string; calls(): string[] } {
  mkdirSync(dir, { recursive: true })
  const log = join(dir, 'calls.txt')
  writeFileSync(join(dir, 'wasm-pack'), `#!/bin/sh\nif [ "$1" = --version ]; then echo "wasm-pack 0.99.0"; exit 0; fi\necho "$*" >> '${log}'\n${script}\n`, { mode: 0o755 })
  return {
    path: dir,
    calls: () => {
      try {
        return readFileSync(log, 'utf8').trim().split('\n')
      } catch {
        return []
      }
    },
  }
}
