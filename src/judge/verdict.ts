import { LanecheckError } from '../contract/errors.js'
import type { Admission } from '../contract/host.js'
import { laneId, type CellId } from '../contract/lane.js'
import { rowFor } from '../contract/matrix-rows.js'
import type { Scenario } from '../contract/scenario.js'
import { VerdictSchema, type Verdict } from '../contract/verdict.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'
import type { Judgement } from './cell-evidence.js'
import { checkReport } from './report-check.js'

export interface VerdictInput {
  cell: { cell_id: CellId; engine: Engine; host_role: HostRole; scenario: Scenario }
  admission: Admission
  judgement: Judgement
  attempts: number
  /** Relative to the evidence folder; null when the cell kept nothing. */
  paths: Pick<Verdict, 'capture_manifest_path' | 'normalized_record_path' | 'artifact_bundle'>
  repro_command: string
}

/** The answer of a realm that could not be had, for cells that never met one. */
export const REALM_UNAVAILABLE: Admission = { support_class: 'unsupported', reason_code: 'realm_unavailable', route: 'none', cause: null, bridge_handshake: false }

/** A judgement as the full record, with its row's data; the schema refuses contradictions. Throws `internal`. */
export function toVerdict({ cell, admission, judgement, attempts, paths, repro_command }: VerdictInput): Verdict {
  const { scenario } = cell
  const row = rowFor(scenario.surface_family)
  const verdict = VerdictSchema.safeParse({
    schema: 'lanecheck.verdict.v1',
    cell_id: cell.cell_id,
    lane_id: laneId(cell.engine, cell.host_role, admission.route),
    engine: cell.engine,
    scenario_id: scenario.id,
    surface_family: scenario.surface_family,
    phase: row.phase,
    runtime_profile: row.runtime_profile,
    virtualization_boundary: row.virtualization_boundary,
    host_role: cell.host_role,
    support_class: admission.support_class,
    reason_code: admission.reason_code,
    cause: admission.cause,
    scenario_clock_id: scenario.scenario_clock_id,
    clock_source: 'performance_now',
    logical_deadline_id: scenario.logical_deadline_id,
    normalization_window: scenario.normalization_window,
    attempts,
    ...judgement,
    ...paths,
    repro_command,
  })
  if (verdict.success) return verdict.data
  const contradictions = verdict.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new LanecheckError('internal', `a verdict contradicts itself: ${contradictions.join('; ')}`, { where: cell.cell_id })
}

/** The verdict as it stands, or `policy_violation` when it uses noise to erase what it found itself. */
export function underPolicy(verdict: Verdict): Verdict {
  const findings = checkReport(verdict)
  if (findings.length === 0) return verdict
  const [first] = findings
  return { ...verdict, verdict: 'policy_violation', reason: `${first?.field}: ${first?.found}`, findings: [...findings, ...verdict.findings], unsupported_reason: null }
}
