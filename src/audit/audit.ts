import { checkCopies, checkShared, placesOf } from './check-across.js'
import { checkBundle } from './check-bundle.js'
import { checkCanaries, checkSessions } from './check-canaries.js'
import { checkHosts } from './check-hosts.js'
import { checkIndex } from './check-index.js'
import { checkLedgers } from './check-ledger.js'
import { checkOwnServer } from './check-own-server.js'
import { checkPlan } from './check-plan.js'
import { checkShards } from './check-shards.js'
import { checkTiers } from './check-tiers.js'
import { auditExit, type AuditFinding, type AuditReport } from './findings.js'
import { openFolder } from './folder.js'

/**
 * Checks an evidence folder offline, from its bytes to its verdicts, and derives every verdict again from its bundle alone.
 * Throws `evidence_invalid` when the folder is none of evidence.
 */
export function audit(dir: string): AuditReport {
  const folder = openFolder(dir)
  const index = checkIndex(folder)
  const plan = checkPlan(folder, index)
  const packets = checkHosts(folder, plan)
  const canaries = checkCanaries(folder, plan, packets)
  const shards = checkShards(folder, plan)
  const ledgers = checkLedgers(folder, index, plan, packets, shards?.due ?? null)
  const leftBehind = new Set([...ledgers.byBundle].filter(([, line]) => ledgers.standing.get(line.cell_id) !== line).map(([path]) => path))
  const bundles = placesOf(folder).map((place) => checkBundle(folder, place, plan, packets, leftBehind.has(place.path)))
  checkShared(folder, plan, bundles)
  checkSessions(folder, canaries, bundles)
  checkCopies(folder, ledgers, bundles)
  checkTiers(folder, ledgers)
  checkOwnServer(folder, plan)
  const findings = onceEach(folder.findings)
  const standing = new Set([...ledgers.standing.values()].map(({ artifact_bundle }) => artifact_bundle))
  return {
    schema: 'lanecheck.audit.v1',
    run_id: plan?.run_id ?? null,
    files: folder.paths.size,
    cells: { planned: plan?.cells.length ?? 0, judged: ledgers.standing.size, derived: bundles.filter(({ derived, place }) => derived && standing.has(place.path)).length },
    findings,
    exit_code: auditExit(findings),
  }
}

function onceEach(findings: readonly AuditFinding[]): AuditFinding[] {
  const byWhat = new Map<string, AuditFinding>()
  for (const finding of findings) {
    const what = `${finding.code} ${finding.path} ${finding.field ?? ''}`
    if (!byWhat.has(what)) byWhat.set(what, finding)
  }
  return [...byWhat.values()]
}
