import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { canonicalJson } from '../evidence/canonical-json.js'
import { digestsOf, outputsOf, shown, sourcesOf, type Crate } from './crate.js'

const DigestsSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
/** `provenance.json`, as far as freshness goes: SHA-256 of sources by path from the crate, and of what was built of them by path from the package or from beside it. */
const ProvenanceSchema = z.looseObject({
  sources: DigestsSchema.optional(), source: DigestsSchema.optional(), outputs: DigestsSchema.optional(), output: DigestsSchema.optional(),
  // Who wrote it by hand may say this in another way, or not at all.
  flags: z.looseObject({ wasm_pack: z.array(z.string()).optional().catch(undefined) }).optional().catch(undefined),
  unfinished: z.boolean().optional(),
})

/** From what sources a package was built, and what came of it. */
export interface Provenance {
  path: string
  sources: Record<string, string>
  outputs: Record<string, string>
  /** What wasm-pack was called with; null where that is not kept. */
  flags: string[] | null
  /** A build was begun, and did not end well. */
  unfinished: boolean
}

const FILE = 'provenance.json'

/** Where a package's provenance may be: in it, else beside it. */
export const provenancePaths = ({ pkg }: Pick<Crate, 'pkg'>): string[] => [join(pkg, FILE), join(dirname(pkg), FILE)]

/** The provenance kept in a package, else beside it; null when there is none. Throws `package_unreadable` for one that is no record. */
export function readProvenance({ pkg }: Crate): Provenance | null {
  const path = provenancePaths({ pkg }).find((one) => existsSync(one))
  if (path === undefined) return null
  const parsed = ProvenanceSchema.safeParse(parsedOrNull(readFileSync(path, 'utf8')))
  const sources = parsed.data?.sources ?? parsed.data?.source
  if (sources === undefined) throw new LanecheckError('package_unreadable', 'no record of where a package comes from: it has no digests of sources', { where: shown(path), hint: 'write sources and outputs as SHA-256 by path, or take the file away' })
  const outputs = parsed.data?.outputs ?? parsed.data?.output ?? {}
  const beside = `${basename(pkg)}/`
  return {
    path, sources, outputs: Object.fromEntries(Object.entries(outputs).map(([name, digest]) => [name.startsWith(beside) ? name.slice(beside.length) : name, digest])),
    flags: parsed.data?.flags?.wasm_pack ?? null, unfinished: parsed.data?.unfinished === true,
  }
}

/** A build of a package that was begun. */
export interface BegunProvenance {
  /** Keeps, in the package, what was built of what. Throws `output_not_writable`, `disk_full`. */
  built(tools: Record<string, string>, flags: readonly string[]): Promise<void>
  /** For a build that failed: where it left the package as it was, so is what is kept of it. Throws as `built`. */
  failed(): Promise<void>
}

/**
 * Says in a package, before it is built, that what is in it is not to be taken: glue and wasm may be written long before wasm-pack ends.
 * Throws `output_not_writable`, `disk_full`.
 */
export async function beginProvenance(crate: Crate): Promise<BegunProvenance> {
  const path = join(crate.pkg, FILE)
  const write = (record: object): Promise<void> => atomicWrite(path, `${JSON.stringify({ schema: 'lanecheck.subject-provenance.v1', ...record }, null, 2)}\n`)
  const kept = existsSync(path) ? readFileSync(path) : null
  const outputs = (): Record<string, string> => digestsOf(crate.pkg, outputsOf(crate).filter((file) => !NOT_BUILT.has(basename(file))))
  const before = outputs()
  // Whatever is saved while it builds may not be in it.
  const sources = digestsOf(crate.dir, sourcesOf(crate))
  await write({ unfinished: true, sources: {}, outputs: {} })
  return {
    built: (tools, flags) => {
      // Which wasm-pack itself brings up to date.
      const { [LOCK]: lock } = digestsOf(crate.dir, sourcesOf(crate))
      return write({ tools, flags: { wasm_pack: flags }, sources: { ...sources, ...(lock === undefined ? {} : { [LOCK]: lock }) }, outputs: outputs() })
    },
    failed: async () => {
      if (canonicalJson(outputs()) !== canonicalJson(before)) return
      await (kept === null ? rm(path, { force: true }) : atomicWrite(path, kept))
    },
  }
}

const LOCK = 'Cargo.lock'
/** In a package, and not of it. */
const NOT_BUILT: ReadonlySet<string> = new Set([FILE, '.gitignore'])

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
