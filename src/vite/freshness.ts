import { statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { digestsOf, isPackage, outputsOf, sourcesOf, type Crate } from './crate.js'
import { readProvenance } from './provenance.js'

/**
 * Whether a built package is of its crate's present sources. `changed`: sources that are not as they were, by path from the crate;
 * `altered`: files of the package that are not as they were built. `by` says how it is known: modification times are a hint, and a
 * fresh checkout does not keep them.
 */
export type Freshness =
  | { state: 'missing' }
  | { state: 'fresh' | 'stale'; by: 'digests' | 'modification_times'; changed: string[]; altered: string[] }

/** Files that are written at once, as in a checkout, may be so far apart, in ms. */
const WRITTEN_AT_ONCE_MS = 2_000

/** Looks at a package and its crate; by digests where a provenance file has them. Throws `package_unreadable`. */
export function freshnessOf(crate: Crate): Freshness {
  if (!isPackage(crate.pkg)) return { state: 'missing' }
  const kept = readProvenance(crate)
  if (kept === null) return byTimes(crate)
  const now = digestsOf(crate.dir, sourcesOf(crate))
  // wasm-pack writes the lock by itself; who kept no digest of it does not build by it.
  const names = [...new Set([...Object.keys(kept.sources), ...Object.keys(now).filter((name) => name !== 'Cargo.lock')])].sort()
  const changed = names.filter((name) => kept.sources[name] !== now[name])
  const built = digestsOf(crate.pkg, outputsOf(crate))
  const altered = Object.keys(kept.outputs).filter((name) => kept.outputs[name] !== built[name]).sort()
  return { state: changed.length + altered.length === 0 ? 'fresh' : 'stale', by: 'digests', changed, altered }
}

function byTimes(crate: Crate): Freshness {
  const built = Math.max(...outputsOf(crate).map((path) => statSync(path).mtimeMs))
  const changed = sourcesOf(crate).filter((path) => path !== join(crate.dir, 'Cargo.lock') && statSync(path).mtimeMs > built + WRITTEN_AT_ONCE_MS)
  return { state: changed.length === 0 ? 'fresh' : 'stale', by: 'modification_times', changed: changed.map((path) => relative(crate.dir, path)), altered: [] }
}
