import { statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { digestsOf, gluedIn, isPackage, outputsOf, sourcesOf, type Crate } from './crate.js'
import { readProvenance } from './provenance.js'

/**
 * Whether a built package is of its crate's present sources. `changed`: sources that are not as they were, by path from the crate;
 * `altered`: files of the package that are not as they were built; `built_with`: what wasm-pack was called with, when that is not what is
 * asked for; `unfinished`: its last build did not end well. `by` says how it is known: modification times are a hint, and a fresh checkout
 * does not keep them.
 */
export type Freshness =
  | { state: 'missing' }
  | { state: 'fresh' | 'stale'; by: 'digests' | 'modification_times'; changed: string[]; altered: string[]; built_with?: string[]; unfinished?: true }

/** Files that are written at once, as in a checkout, may be so far apart, in ms. */
const WRITTEN_AT_ONCE_MS = 2_000

/** Looks at a package and its crate, built with `flags` when these are given; by digests where a provenance file has them. Throws `package_unreadable`. */
export function freshnessOf(crate: Crate, flags: readonly string[] | null = null): Freshness {
  if (!isPackage(crate.pkg)) return { state: 'missing' }
  const kept = readProvenance(crate)
  if (kept === null) return byTimes(crate)
  const now = digestsOf(crate.dir, sourcesOf(crate))
  // wasm-pack writes the lock by itself; who kept no digest of it does not build by it.
  const names = [...new Set([...Object.keys(kept.sources), ...Object.keys(now).filter((name) => name !== 'Cargo.lock')])].sort()
  const changed = names.filter((name) => kept.sources[name] !== now[name])
  const built = digestsOf(crate.pkg, outputsOf(crate))
  const altered = Object.keys(kept.outputs).filter((name) => kept.outputs[name] !== built[name]).sort()
  const otherwise = flags !== null && kept.flags !== null && JSON.stringify(kept.flags) !== JSON.stringify(flags)
  const fresh = changed.length + altered.length === 0 && !otherwise && !kept.unfinished
  return { state: fresh ? 'fresh' : 'stale', by: 'digests', changed, altered, ...(otherwise ? { built_with: kept.flags! } : {}), ...(kept.unfinished ? { unfinished: true } : {}) }
}

function byTimes(crate: Crate): Freshness {
  // Of all that is in the package, these alone are sure to be of the build.
  const built = Math.min(...gluedIn(crate.pkg).map((path) => statSync(path).mtimeMs))
  const changed = sourcesOf(crate).filter((path) => path !== join(crate.dir, 'Cargo.lock') && statSync(path).mtimeMs > built + WRITTEN_AT_ONCE_MS)
  return { state: changed.length === 0 ? 'fresh' : 'stale', by: 'modification_times', changed: changed.map((path) => relative(crate.dir, path)), altered: [] }
}
