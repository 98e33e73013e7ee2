import { cellId, laneId } from '../../../src/contract/lane.js'
import { VerdictSchema, type Verdict } from '../../../src/contract/verdict.js'
import type { Engine, HostRole } from '../../../src/contract/vocabulary.js'
import { judge } from '../../../src/judge/judge.js'
import { toVerdict } from '../../../src/judge/verdict.js'
import type { CellEvidence } from '../../../src/judge/cell-evidence.js'
import { DIRECT, deadlineScenario, deadlineTrace, evidenceOf } from './traces.js'

export const PATHS = { capture_manifest_path: 'bundles/x/capture-manifest.json', normalized_record_path: 'bundles/x/live.json', artifact_bundle: 'bundles/x' }

/** The verdict of a cell's evidence, as it goes to the ledger. */
export function verdictFrom(evidence: CellEvidence, engine: Engine = 'firefox', host_role: HostRole = 'window'): Verdict {
  return toVerdict({
    cell: { cell_id: cellId(engine, host_role, evidence.scenario.id), engine, host_role, scenario: evidence.scenario },
    admission: evidence.admission, judgement: judge(evidence), attempts: evidence.attempts.length, paths: PATHS, repro_command: 'npx lanecheck verify --cell x',
  })
}

const sound = verdictFrom(evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()]))

/** A sound parity verdict with changes, unchecked: a report may be anyone's. */
export const verdictOf = (change: Partial<Verdict>): Verdict => ({ ...sound, ...change })

/** A verdict of this token in a lane that allows it, checked. */
export function tokenIn(verdict: Verdict['verdict'], engine: Engine = 'firefox', host_role: HostRole = 'window', scenario_id = sound.scenario_id): Verdict {
  const bridged = verdict === 'bridge_only' || verdict === 'bridge_mismatch'
  const none = verdict === 'unsupported'
  const route = bridged ? 'bridge' : none ? 'none' : DIRECT.route
  return VerdictSchema.parse({
    ...sound, engine, host_role, verdict, scenario_id, cell_id: cellId(engine, host_role, scenario_id), lane_id: laneId(engine, host_role, route),
    support_class: bridged ? 'bridge_only' : none ? 'unsupported' : 'direct',
    reason_code: bridged ? 'downgrade_to_server_bridge' : none ? 'unsupported_runtime_context' : 'admitted_direct',
    cause: bridged || none ? { cause: 'subject_declines_host_role' } : null, unsupported_reason: none ? 'declined' : null,
  })
}
