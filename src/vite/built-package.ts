import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { isPackage, outputsOf, shown, type Crate } from './crate.js'
import { freshnessOf, type Freshness } from './freshness.js'
import { beginProvenance, provenancePaths, readProvenance } from './provenance.js'
import { BUILD_LIMIT_MS, findWasmPack, flagsOf, readFlags, runWasmPack, wasmPackVersion, type WasmPackOptions } from './wasm-pack.js'

/** When a crate is built: when its package is missing or older than its sources, at every start, or by hand only. */
export const BUILD_TIMES = ['stale', 'always', 'never'] as const
export type BuildTime = (typeof BUILD_TIMES)[number]

/** `profile` and `args` are a wish when either is given: a package that was built otherwise is stale then. */
export interface BuiltPackageOptions extends Partial<WasmPackOptions> {
  build?: BuildTime
  /** Told of the files that a build wrote, whether it ended well or not. */
  onBuilt?(paths: readonly string[]): void
}

/**
 * Sees to it that a crate's package is there, not older than its sources and built as it is to be: built by wasm-pack when there is one, else
 * taken as it is. Gives a line for people that says which. Throws `package_stale`, `package_not_found`, `package_unreadable`, `wasm_pack_failed`, `interrupted`.
 */
export async function seeToPackage(crate: Crate, { build = 'stale', args, profile, limit_ms = BUILD_LIMIT_MS, signal, onBuilt }: BuiltPackageOptions = {}): Promise<string> {
  const wish = args === undefined && profile === undefined ? null : { args: args ?? [], profile: profile ?? 'release' }
  const found = freshnessOf(crate, wish === null ? null : flagsOf(wish))
  if (found.state === 'fresh' && build !== 'always') return `${shown(crate.pkg)}: taken as built, not older than its source by ${found.by === 'digests' ? 'digests' : 'modification times, for want of a provenance.json'}`
  // Without a wish it is built as it was before: a feature that it has is not lost.
  const how = wish ?? readFlags(readProvenance(crate)?.flags ?? []) ?? { args: [], profile: 'release' }
  const wasm_pack = build === 'never' ? null : findWasmPack()
  if (wasm_pack === null) throw refusal(crate, found, build, flagsOf(how))
  // What it says of itself may be gone again.
  const wrote = (): void => onBuilt?.([...outputsOf(crate), ...provenancePaths(crate).slice(0, 1), join(crate.dir, 'Cargo.lock')])
  const begun = await beginProvenance(crate)
  try {
    await runWasmPack(wasm_pack, crate, { ...how, limit_ms, ...(signal === undefined ? {} : { signal }) })
  } catch (error) {
    await begun.failed()
    wrote()
    throw error
  }
  if (!isPackage(crate.pkg)) throw new LanecheckError('wasm_pack_failed', 'wasm-pack ended well and left no package', { where: shown(crate.pkg), hint: 'the crate must be a cdylib: crate-type = ["cdylib"]' })
  await begun.built({ wasm_pack: await wasmPackVersion(wasm_pack) }, flagsOf(how))
  wrote()
  return `${shown(crate.pkg)}: built by wasm-pack`
}

function refusal(crate: Crate, found: Freshness, build: BuildTime, flags: readonly string[]): LanecheckError {
  const where = shown(crate.pkg)
  const [, ...rest] = flags
  const command = `wasm-pack build ${shown(crate.dir)} ${rest.join(' ')}`
  const missing = build === 'never' ? '' : ', and no wasm-pack is on the PATH'
  if (found.state === 'missing') return new LanecheckError('package_not_found', `the crate has no built package${missing}`, { where, hint: `type: ${command}` })
  const stale = (message: string, then: string): LanecheckError => new LanecheckError('package_stale', `${message}${missing}`, { where, hint: `type: ${command}${then}` })
  const anew = ', and write its provenance.json anew'
  if (found.unfinished === true) return stale('the last build of the package did not end well', ', and take its provenance.json away')
  if (found.changed.length > 0) {
    const [times, touch] = found.by === 'digests' ? ['', anew] : [' by modification times, which a checkout does not keep', '; if it is up to date, touch its files']
    return stale(`the package is older than its source${times}: ${found.changed.slice(0, 5).join(', ')}`, touch)
  }
  if (found.altered.length > 0) return stale(`the package is not what its provenance says was built: ${found.altered.join(', ')}`, anew)
  return stale(`the package was built by 'wasm-pack ${found.built_with?.join(' ')}', and '${flags.join(' ')}' is asked for`, anew)
}
