import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { audit } from '../audit/audit.js'
import { LanecheckError } from '../contract/errors.js'
import { BundleIndexSchema } from '../contract/evidence.js'
import { LedgerSchema, type Ledger, type RunMetadata, type Verdict } from '../contract/verdict.js'
import { atomicWrite, makeFolder, outputError } from '../evidence/atomic-write.js'
import { BUNDLE_INDEX } from '../evidence/bundle.js'
import { writeEvidenceIndex } from '../evidence/evidence-index.js'
import { LEDGER_LINES_FILE, readRecord, writeLedger } from '../evidence/ledger-file.js'
import { refuseInside } from '../evidence/outside.js'
import { writeRunTiers } from '../evidence/tiers-file.js'
import { sumVerdicts } from '../judge/sums.js'
import { shardName } from '../run/shards.js'
import { complete, MADE_ANEW, noDoubles, oneOfEach, onePlan, sameEngines } from './agree.js'
import { readPart, type Part } from './part.js'

export interface Merged { ledger: Ledger; shards: string[] }

/**
 * Joins the shards of one plan to one evidence folder. What cells, realms and sessions kept is taken byte for byte; only ledger, sums, tiers and index are made anew.
 * The folder is written beside its place and audited before it is given its name.
 * Throws `evidence_invalid`, `evidence_unsound`, `shards_differ`, `shard_missing`, `output_not_writable`, `output_holds_another_run`, `disk_full`.
 */
export async function merge(dirs: readonly string[], out: string): Promise<Merged> {
  await mayWrite(dirs, out)
  const parts = dirs.map(readPart)
  onePlan(parts)
  noDoubles(parts)
  sameEngines(parts)
  complete(parts)
  const files = oneOfEach(parts)
  const ledger = ledgerOf(parts)
  const beside = `${out}.${randomBytes(6).toString('hex')}.part`
  try {
    await copyFiles(files, beside)
    await atomicWrite(join(beside, LEDGER_LINES_FILE), linesOf(parts))
    await writeRunTiers(beside, ledger)
    await writeLedger(beside, ledger)
    await writeEvidenceIndex(beside, ledger.run.run_id)
    const [finding] = audit(beside).findings
    if (finding !== undefined) throw new LanecheckError('shards_differ', `the shards do not make one run: ${finding.code}, ${finding.path} ${finding.field ?? ''}: expected ${finding.expected}, found ${finding.found}`, { hint: 'run the shards with the same build, subject and engines' })
    await rmdir(out).catch(() => undefined)
    await rename(beside, out)
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined)
    if (error instanceof LanecheckError) throw error
    throw outputError(out, error)
  }
  return { ledger, shards: parts.flatMap(({ shards }) => shards.map(shardName)) }
}

/** Nothing is written into a shard, or over anything. */
async function mayWrite(dirs: readonly string[], out: string): Promise<void> {
  for (const dir of dirs) refuseInside(out, dir, '--out')
  const held = await readdir(out).catch(() => [])
  if (held.length > 0) throw new LanecheckError('output_holds_another_run', `${out} is not empty`, { where: '--out', hint: 'choose an empty folder' })
  await makeFolder(dirname(resolve(out)))
}

async function copyFiles(files: ReadonlyMap<string, Part>, to: string): Promise<void> {
  for (const [path, { dir }] of files) {
    if (MADE_ANEW.has(path)) continue
    for (const file of [path, ...besideIndex(dir, path)]) {
      await makeFolder(dirname(join(to, file)))
      await copyFile(join(dir, file), join(to, file), constants.COPYFILE_FICLONE)
    }
  }
}

/** The files that a bundle's own index names. */
function besideIndex(dir: string, path: string): string[] {
  if (!path.endsWith(`/${BUNDLE_INDEX}`)) return []
  return Object.keys(readRecord(join(dir, path), BundleIndexSchema).files).map((name) => `${dirname(path)}/${name}`)
}

/** In the order of the shards; of a shard that is in two parts, the lines of the first. */
function linesOf(parts: readonly Part[]): string {
  const taken = new Set<string>()
  return parts.map(({ shards, lines }) => {
    const own = new Set<string>(shards.filter((shard) => !taken.has(shardName(shard))).flatMap(({ cells }) => cells))
    for (const shard of shards) taken.add(shardName(shard))
    return lines.filter(({ cell_id }) => own.has(cell_id)).map(({ text }) => `${text}\n`).join('')
  }).join('')
}

function ledgerOf(parts: readonly Part[]): Ledger {
  const byCell = new Map<string, Verdict>(parts.flatMap(({ ledger }) => ledger.verdicts.map((verdict) => [verdict.cell_id, verdict] as const)))
  const verdicts = parts[0]!.plan.cells.flatMap(({ cell_id }) => byCell.get(cell_id) ?? [])
  return LedgerSchema.parse({ schema: 'lanecheck.ledger.v1', run: runOf(parts.map(({ ledger }) => ledger.run)), verdicts, sums: sumVerdicts(verdicts) })
}

function runOf(runs: readonly RunMetadata[]): RunMetadata {
  const engines = new Map(runs.flatMap((run) => run.engines.map((identity) => [identity.engine, identity] as const)))
  return {
    ...runs[0]!,
    engines: [...engines.values()],
    started_at: runs.map(({ started_at }) => started_at).sort()[0]!,
    ended_at: runs.map(({ ended_at }) => ended_at).sort().at(-1)!,
    node_version: [...new Set(runs.map(({ node_version }) => node_version))].join(', '),
    interrupted: runs.some(({ interrupted }) => interrupted),
  }
}
