import { assetsOf, digestInName } from '../contract/assets.js'
import type { EvidenceIndex } from '../contract/evidence.js'
import { cellId } from '../contract/lane.js'
import { PlanSchema, type Plan } from '../contract/verdict.js'
import { EVIDENCE_INDEX } from '../evidence/evidence-index.js'
import { PLAN_FILE } from '../evidence/ledger-file.js'
import { runId } from '../run/plan.js'
import type { Folder } from './folder.js'
import { artifactPath } from './places.js'

/** The plan agrees with itself, and its artifact is there. */
export function checkPlan(folder: Folder, index: EvidenceIndex | null): Plan | null {
  if (!folder.paths.has(PLAN_FILE)) folder.say('file_missing', PLAN_FILE, null, 'the plan of the run', 'no such file')
  const plan = folder.record(PLAN_FILE, PlanSchema)
  if (plan === null) return null
  const run_id = runId(plan.cells, plan.config_hash)
  if (plan.run_id !== run_id) folder.say('plan_differs', PLAN_FILE, 'run_id', run_id, plan.run_id)
  if (index !== null && index.run_id !== plan.run_id) folder.say('other_run', EVIDENCE_INDEX, 'run_id', plan.run_id, index.run_id)
  checkCells(folder, plan)
  checkArtifact(folder, plan)
  return plan
}

function checkCells(folder: Folder, plan: Plan): void {
  const seen = new Set<string>()
  plan.cells.forEach((cell, at) => {
    const id = cellId(cell.engine, cell.host_role, cell.scenario_id)
    if (cell.cell_id !== id) folder.say('plan_differs', PLAN_FILE, `cells[${at}].cell_id`, id, cell.cell_id)
    if (cell.seed !== plan.seed) folder.say('plan_differs', PLAN_FILE, `cells[${at}].seed`, plan.seed, cell.seed)
    if (seen.has(cell.cell_id)) folder.say('cell_duplicated', PLAN_FILE, `cells[${at}].cell_id`, 'a cell once', cell.cell_id)
    seen.add(cell.cell_id)
  })
}

function checkArtifact(folder: Folder, plan: Plan): void {
  const path = artifactPath(plan.artifact_sha256)
  const kept = folder.stamp(path)
  if (kept === null) folder.say('file_missing', path, null, 'the artifact that ran', 'no such file')
  else if (kept.sha256 !== plan.artifact_sha256) folder.say('digest_differs', path, null, plan.artifact_sha256, kept.sha256)
  const assets = assetsOf(folder.text(path) ?? '')
  for (const name of assets) {
    const stamp = folder.stamp(`artifacts/${name}`)
    if (stamp === null) folder.say('file_missing', `artifacts/${name}`, null, 'what the artifact fetched', 'no such file')
    else if (stamp.sha256 !== digestInName(name)) folder.say('digest_differs', `artifacts/${name}`, null, digestInName(name), stamp.sha256)
  }
  const own = new Set([path, ...assets.map((name) => `artifacts/${name}`)])
  for (const other of folder.paths) if (other.startsWith('artifacts/') && !own.has(other)) folder.say('file_added', other, null, 'the artifact of the plan, and what it fetched, alone', 'another one')
}
