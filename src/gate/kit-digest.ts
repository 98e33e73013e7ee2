import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { canonicalDigest, sha256Hex } from '../evidence/digest.js'
import { packageRoot } from '../package-root.js'

/** Built folders whose behaviour the kit's tests are about; `dist/bench` and the bundled artifacts are made of them, or are not shipped. */
const PARTS = ['src', 'lanes', 'host-probes', 'bridge']

/** SHA-256 over the built modules of this kit, by path: the same for the same sources. */
export function kitDigest(): string {
  const dist = join(packageRoot(), 'dist')
  const modules = PARTS.flatMap((part) => readdirSync(join(dist, part), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js')).map((entry) => join(entry.parentPath, entry.name)).sort()
  return canonicalDigest(modules.map((path) => [relative(dist, path).split(sep).join('/'), sha256Hex(readFileSync(path))]))
}
