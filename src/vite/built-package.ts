import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { shown, type Crate } from './crate.js'
import { freshnessOf, type Freshness } from './freshness.js'
import { writeProvenance } from './provenance.js'
import { BUILD_LIMIT_MS, findWasmPack, runWasmPack, wasmPackVersion, type WasmPackOptions } from './wasm-pack.js'

/** When a crate is built: when its package is missing or older than its sources, at every start, or by hand only. */
export const BUILD_TIMES = ['stale', 'always', 'never'] as const
export type BuildTime = (typeof BUILD_TIMES)[number]

export interface BuiltPackageOptions extends Partial<WasmPackOptions> { build?: BuildTime }

/**
 * Sees to it that a crate's package is there and not older than its sources: built by wasm-pack when there is one, else taken as it is.
 * Gives a line for people that says which. Throws `package_stale`, `package_not_found`, `package_unreadable`, `wasm_pack_failed`.
 */
export async function seeToPackage(crate: Crate, { build = 'stale', args = [], profile = 'release', limit_ms = BUILD_LIMIT_MS }: BuiltPackageOptions = {}): Promise<string> {
  const found = freshnessOf(crate)
  if (found.state === 'fresh' && build !== 'always') return `${shown(crate.pkg)}: taken as built, not older than its source by ${found.by === 'digests' ? 'digests' : 'modification times, for want of a provenance.json'}`
  const wasm_pack = build === 'never' ? null : findWasmPack()
  if (wasm_pack === null) throw refusal(crate, found, build)
  await runWasmPack(wasm_pack, crate, { args, profile, limit_ms })
  // What an older build said of itself is of that one.
  await rm(join(crate.pkg, 'provenance.json'), { force: true })
  await writeProvenance(crate, { wasm_pack: await wasmPackVersion(wasm_pack) }, ['build', '--target', 'web', `--${profile}`, ...args])
  const after = freshnessOf(crate)
  if (after.state !== 'fresh') throw new LanecheckError('wasm_pack_failed', 'wasm-pack ended well and left no package', { where: shown(crate.pkg), hint: 'the crate must be a cdylib: crate-type = ["cdylib"]' })
  return `${shown(crate.pkg)}: built by wasm-pack`
}

function refusal(crate: Crate, found: Freshness, build: BuildTime): LanecheckError {
  const command = `wasm-pack build ${shown(crate.dir)} --target web`
  const missing = build === 'never' ? '' : ', and no wasm-pack is on the PATH'
  if (found.state === 'missing') return new LanecheckError('package_not_found', `the crate has no built package${missing}`, { where: shown(crate.pkg), hint: `type: ${command}` })
  if (found.changed.length === 0) {
    return new LanecheckError('package_stale', `the package is not what its provenance says was built: ${found.altered.join(', ')}`, { where: shown(crate.pkg), hint: `type: ${command}, and write its provenance.json anew` })
  }
  const times = found.by === 'digests' ? '' : ' by modification times, which a checkout does not keep'
  const touch = found.by === 'digests' ? ', and write its provenance.json anew' : '; if it is up to date, touch its files'
  return new LanecheckError('package_stale', `the package is older than its source${times}: ${found.changed.slice(0, 5).join(', ')}${missing}`, { where: shown(crate.pkg), hint: `type: ${command}${touch}` })
}
