import type { EvidenceIndex } from '../contract/evidence.js'
import type { HostPacket } from '../contract/host.js'
import { LedgerSchema, VerdictSchema, type Ledger, type Plan, type Verdict } from '../contract/verdict.js'
import { LEDGER_FILE, LEDGER_LINES_FILE } from '../evidence/ledger-file.js'
import { askedAgain } from '../judge/asked-again.js'
import { sumVerdicts } from '../judge/sums.js'
import { bundlePaths } from '../run/bundle-paths.js'
import { vouched } from './check-index.js'
import type { Folder } from './folder.js'
import { artifactPath, bundlePlace } from './places.js'

/** What the two ledgers say of the cells. */
export interface Ledgers {
  /** Null when there is none that can be read. */
  ledger: Ledger | null
  /** By cell, the line that stands. */
  standing: Map<string, Verdict>
  /** By the place of the bundle that a line must have, the last such line: a cell asked for again may have left its first bundle in another lane. */
  byBundle: Map<string, Verdict>
}

/** The ledger is complete, in the plan's order and summed up rightly; every planned cell has exactly one verdict that stands; `due`: only those of the shards that are here. */
export function checkLedgers(folder: Folder, index: EvidenceIndex | null, plan: Plan | null, packets: ReadonlyMap<string, HostPacket>, due: ReadonlySet<string> | null): Ledgers {
  const { standing, byBundle } = checkLines(folder, index)
  if (!folder.paths.has(LEDGER_FILE)) folder.say(folder.unfinished ? 'run_unfinished' : 'file_missing', LEDGER_FILE, null, 'the complete ledger', 'no such file')
  const ledger = folder.record(LEDGER_FILE, LedgerSchema)
  if (ledger !== null) folder.compare('sums_differ', LEDGER_FILE, sumVerdicts(ledger.verdicts), ledger.sums, 'sums')
  if (plan === null) return { ledger, standing, byBundle }
  const planned = due ?? new Set<string>(plan.cells.map(({ cell_id }) => cell_id))
  checkCells(folder, planned, LEDGER_LINES_FILE, [...standing.keys()])
  if (ledger !== null) {
    checkCells(folder, planned, LEDGER_FILE, ledger.verdicts.map(({ cell_id }) => cell_id))
    checkOrder(folder, plan, ledger)
    checkRun(folder, plan, ledger)
    checkEngines(folder, ledger, packets)
  }
  return { ledger, standing, byBundle }
}

function checkLines(folder: Folder, index: EvidenceIndex | null): Pick<Ledgers, 'standing' | 'byBundle'> {
  const [standing, byBundle] = [new Map<string, Verdict>(), new Map<string, Verdict>()]
  const cutShort = folder.unfinished || vouched(folder, index, LEDGER_LINES_FILE)
  const lines = folder.lines(LEDGER_LINES_FILE, VerdictSchema, cutShort)
  if (lines === null && !folder.unfinished) folder.say('file_missing', LEDGER_LINES_FILE, null, 'a verdict a line', 'no such file')
  lines?.forEach((verdict, at) => {
    if (verdict === null) return
    const before = standing.get(verdict.cell_id)
    if (before !== undefined && !askedAgain(before)) folder.say('cell_duplicated', `${LEDGER_LINES_FILE}:${at + 1}`, 'cell_id', 'a cell of which nothing was seen yet', verdict.cell_id)
    standing.set(verdict.cell_id, verdict)
    // Every cell keeps a bundle, one that never ran too: where it lies is not what the line says of itself.
    const { path, cell_id, engine, host_role } = bundlePlace(bundlePaths(verdict.lane_id, verdict.scenario_id).artifact_bundle)!
    folder.compare('misplaced', `${LEDGER_LINES_FILE}:${at + 1}`, { cell_id, engine, host_role }, { cell_id: verdict.cell_id, engine: verdict.engine, host_role: verdict.host_role })
    byBundle.set(path, verdict)
  })
  return { standing, byBundle }
}

function checkCells(folder: Folder, planned: ReadonlySet<string>, path: string, judged: readonly string[]): void {
  const seen = new Set<string>()
  for (const cell of judged) {
    if (!planned.has(cell)) folder.say('cell_unplanned', path, cell, 'a cell of the plan', 'none of them')
    if (seen.has(cell)) folder.say('cell_duplicated', path, cell, 'one verdict', 'another one')
    seen.add(cell)
  }
  for (const cell of planned) if (!seen.has(cell)) folder.say('cell_missing', path, cell, 'a verdict', 'none')
}

function checkOrder(folder: Folder, plan: Plan, { verdicts }: Ledger): void {
  const judged = new Set(verdicts.map(({ cell_id }) => cell_id))
  const wanted = plan.cells.map(({ cell_id }) => cell_id).filter((cell) => judged.has(cell))
  const at = wanted.findIndex((cell, index) => verdicts[index]?.cell_id !== cell)
  if (at >= 0) folder.say('order_differs', LEDGER_FILE, `verdicts[${at}].cell_id`, wanted[at], verdicts[at]?.cell_id)
}

function checkRun(folder: Folder, plan: Plan, { run }: Ledger): void {
  const { run_id, seed, subject, artifact_sha256, config_hash } = plan
  const told = { run_id: run.run_id, seed: run.seed, subject: run.subject, artifact_sha256: run.artifact_sha256, artifact_path: run.artifact_path, config_hash: run.config_hash }
  folder.compare('other_run', LEDGER_FILE, { run_id, seed, subject, artifact_sha256, artifact_path: artifactPath(artifact_sha256), config_hash }, told, 'run')
}

/** What ran as an engine is what its host packets say; no other engine is named, and none of theirs is left out. */
function checkEngines(folder: Folder, { run }: Ledger, packets: ReadonlyMap<string, HostPacket>): void {
  const ran = new Set([...packets.values()].map(({ engine }) => engine))
  run.engines.forEach((identity, at) => {
    if (!ran.delete(identity.engine)) folder.say('admission_differs', LEDGER_FILE, `run.engines[${at}]`, 'an engine that a host packet names, once', identity.engine)
    for (const { engine, engine_product, engine_version, driver, os } of packets.values()) {
      if (engine === identity.engine) folder.compare('admission_differs', LEDGER_FILE, { engine, engine_product, engine_version, driver, os }, identity, `run.engines[${at}]`)
    }
  })
  for (const engine of ran) folder.say('admission_differs', LEDGER_FILE, 'run.engines', `${engine}, which its host packets name`, 'it is left out')
}
