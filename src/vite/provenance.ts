import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { digestsOf, outputsOf, shown, sourcesOf, type Crate } from './crate.js'

const DigestsSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
/** `provenance.json`, as far as freshness goes: SHA-256 of sources by path from the crate, and of what was built of them by path from the package or from beside it. */
const ProvenanceSchema = z.looseObject({ sources: DigestsSchema.optional(), source: DigestsSchema.optional(), outputs: DigestsSchema.optional(), output: DigestsSchema.optional() })

/** From what sources a package was built, and what came of it. */
export interface Provenance { path: string; sources: Record<string, string>; outputs: Record<string, string> }

const FILE = 'provenance.json'

/** The provenance kept in a package, else beside it; null when there is none. Throws `package_unreadable` for one that is no record. */
export function readProvenance({ pkg }: Crate): Provenance | null {
  const path = [join(pkg, FILE), join(dirname(pkg), FILE)].find((one) => existsSync(one))
  if (path === undefined) return null
  const parsed = ProvenanceSchema.safeParse(parsedOrNull(readFileSync(path, 'utf8')))
  const sources = parsed.data?.sources ?? parsed.data?.source
  if (sources === undefined) throw new LanecheckError('package_unreadable', 'no record of where a package comes from: it has no digests of sources', { where: shown(path), hint: 'write sources and outputs as SHA-256 by path, or take the file away' })
  const outputs = parsed.data?.outputs ?? parsed.data?.output ?? {}
  const beside = `${basename(pkg)}/`
  return { path, sources, outputs: Object.fromEntries(Object.entries(outputs).map(([name, digest]) => [name.startsWith(beside) ? name.slice(beside.length) : name, digest])) }
}

/** Keeps, in the package, what was built of what. Throws `output_not_writable`, `disk_full`. */
export async function writeProvenance(crate: Crate, tools: Record<string, string>, flags: readonly string[]): Promise<void> {
  const outputs = outputsOf(crate).filter((path) => !NOT_BUILT.has(basename(path)))
  const record = { schema: 'lanecheck.subject-provenance.v1', tools, flags: { wasm_pack: flags }, sources: digestsOf(crate.dir, sourcesOf(crate)), outputs: digestsOf(crate.pkg, outputs) }
  await atomicWrite(join(crate.pkg, FILE), `${JSON.stringify(record, null, 2)}\n`)
}

/** In a package, and not of it. */
const NOT_BUILT: ReadonlySet<string> = new Set([FILE, '.gitignore'])

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
