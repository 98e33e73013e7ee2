import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { inspectPackage } from '../inspect/inspect.js'
import type { Inspection } from '../inspect/inspection.js'
import { packageFiles, type PackageFiles } from '../inspect/package-files.js'
import { exportsOf, typesOf, type SeenExport } from './exports.js'

/** All that is read of a package before a subject is written for it; nothing of it was run. */
export interface PackageSeen {
  /** A folder (`./pkg`) or an installed package's name. */
  wanted: string
  inspection: Inspection
  files: PackageFiles
  exports: SeenExport[]
  typed: boolean
}

/** Reads a package. Throws what `inspectPackage` throws, and `package_not_for_browsers`. */
export async function seePackage(wanted: string, folder: string): Promise<PackageSeen> {
  const inspection = await inspectPackage(wanted, folder)
  refuseForNode(inspection, wanted)
  const files = packageFiles(wanted, folder)
  const types = typesOf(files.folder, files.manifest, files.entry)
  return { wanted, inspection, files, exports: await exportsOf(types ?? join(files.folder, files.entry)), typed: types !== null }
}

/** wasm-pack's target for Node reads its WASM from the disk, which no realm can. */
function refuseForNode({ shape, package: { name, version, entry }, uses }: Inspection, wanted: string): void {
  if (shape !== 'wasm_pack_nodejs') return
  const reads = uses.find(({ what }) => what === 'node:fs')
  throw new LanecheckError('package_not_for_browsers', `${name} ${version} is built for Node (wasm-pack --target nodejs): ${reads === undefined ? 'it loads its WASM' : 'it reads its WASM with node:fs'}, which no browser has`, {
    where: reads?.at ?? `${wanted}: ${entry}`,
    hint: 'build it for browsers with another target, wasm-pack build --target web (or bundler, no-modules), then: lanecheck init ./pkg',
  })
}
