import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit } from '../audit/audit.js'
import type { LiveAttempt } from '../contract/evidence.js'
import type { Admission } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import { isLanecheckError } from '../contract/errors.js'
import { canonicalDigest } from '../evidence/digest.js'
import { peersFromModel } from '../judge/capture-facts.js'
import { downgradeOf, firstDisagreement } from '../judge/downgrade.js'
import type { CellEvidence } from '../judge/cell-evidence.js'
import { judge } from '../judge/judge.js'
import { normalize } from '../judge/normalize.js'
import { loadArtifact } from '../run/artifact.js'
import { startLabRuns } from '../run/lab-runs.js'
import { declaredInLab } from '../run/subject-in-lab.js'
import { findScenarios } from '../scenarios/catalogue.js'
import { verdictAnswer } from './control.js'
import { forgedFolder, type ForgedFolder } from './forged-folder.js'
import { BRIDGED, BRIDGED_ROLE, bridgedSession, DIRECT, writeMadeEvidence } from './made-evidence.js'
import type { TraceFault } from './trace-faults.js'

/** What is wrong with a cell; what is left out is as the lab saw it. */
export interface CellFault {
  scenario?(scenario: Scenario): Scenario
  /** Of the live run's events; one an attempt. */
  live?: TraceFault | TraceFault[]
  /** Of the lab's. */
  lab?: TraceFault
  evidence?(evidence: CellEvidence): CellEvidence
  attempt?(attempt: LiveAttempt): LiveAttempt
}

/** Where offline controls plant their faults: records of a real lab run, and an evidence folder made of them. */
export interface Bench {
  /** The faulty one, or the sound one when nothing is planted. */
  pick<Value>(faulty: Value, sound: Value): Value
  /** Judges a cell of a scenario whose live run went as in the lab, but for the fault; over the bridge when asked. */
  judged(scenario_id: string, fault: CellFault, route?: 'direct' | 'bridge'): Promise<string>
  /** As `judged` over the bridge; where the two logs do not tell of the same session, in what they differ first. */
  bridged(fault: TraceFault): Promise<string>
  /** Audits a copy of the folder with the fault in it. `anew`: all digests over files are made anew, as by someone who knows how. */
  audited(fault: (folder: ForgedFolder) => void, how?: 'anew' | 'as_it_is'): Promise<string>
  /** The code of the error that something throws; `taken` when it throws none. */
  refused(work: () => unknown): string
  close(): Promise<void>
}

/** Sets up the bench in a folder of its own. `planted`: false leaves every fault out. Throws as the lab does. */
export async function openBench({ planted = true } = {}): Promise<Bench> {
  const artifact = await loadArtifact('native')
  const labs = startLabRuns(artifact.source, artifact.sha256, 1)
  const home = mkdtempSync(join(tmpdir(), 'lanecheck-controls-'))
  const close = async (): Promise<void> => {
    rmSync(home, { recursive: true, force: true })
    await labs.close()
  }
  try {
    const kept = join(home, 'kept')
    await writeMadeEvidence(kept, { artifact, labs, subject: await declaredInLab(artifact) })
    let copies = 0
    return {
      close,
      pick: (faulty, sound) => (planted ? faulty : sound),
      judged: async (scenario_id, fault, route = 'direct') => {
        const scenario = findScenarios(scenario_id)[0]!
        const { run, events } = await labs.of(scenario)
        return verdictAnswer(judge(evidenceOf(scenario, run, events, planted ? fault : {}, route)))
      },
      bridged: async (live) => {
        const scenario = findScenarios('timer.order.distinct')[0]!
        const { run, events } = await labs.of(scenario)
        const evidence = evidenceOf(scenario, run, events, planted ? { live } : {}, 'bridge')
        const differs = evidence.bridge_disagreement ?? null
        return verdictAnswer(judge(evidence)) + (differs === null ? '' : `: ${differs.slice(0, differs.indexOf(':'))}`)
      },
      audited: async (fault, how = 'anew') => {
        const dir = join(home, `copy-${++copies}`)
        cpSync(kept, dir, { recursive: true })
        const folder = forgedFolder(dir)
        if (planted) fault(folder)
        if (how === 'anew') await folder.redigest()
        const { findings, exit_code } = audit(dir)
        rmSync(dir, { recursive: true, force: true })
        return `audit ${[...new Set(findings.map(({ code }) => code))].sort().join(' ') || 'clean'}, exit ${exit_code}`
      },
      refused: (work) => {
        try {
          work()
          return 'taken'
        } catch (error) {
          return `error ${isLanecheckError(error) ? error.code : String(error)}`
        }
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function evidenceOf(declared: Scenario, run: NonNullable<CellEvidence['lab']>, seen: TraceEvent[], fault: CellFault, route: 'direct' | 'bridge'): CellEvidence {
  const scenario = fault.scenario?.(declared) ?? declared
  const events = route === 'bridge' ? bridgedSession(seen, run.artifact_sha256) : seen
  const normalized = (from: readonly TraceEvent[], clock_source: 'virtual_clock' | 'performance_now') => normalize({ scenario, events: counted(from), clock_source, end: { stalled: false }, digest: canonicalDigest })
  const faults = [fault.live ?? ((same: TraceEvent[]) => same)].flat()
  const captures = faults.map((one) => one(events))
  const attempts = captures.map((capture, at): LiveAttempt => ({ attempt: at + 1, route, record: normalized(capture, 'performance_now') }))
  const admission: Admission = route === 'bridge' ? BRIDGED : DIRECT
  const downgrade = downgradeOf({
    cell_id: `chromium.${BRIDGED_ROLE}/${declared.id}`, lane_id: `chromium.${BRIDGED_ROLE}.${route}`, scenario_id: declared.id, admission, artifact_sha256: run.artifact_sha256,
    results: captures.map((capture) => ({ lost: false, proven_role: BRIDGED_ROLE, events: JSON.parse(JSON.stringify(counted(capture))) as TraceEvent[] })), digest: canonicalDigest,
  })
  const evidence: CellEvidence = {
    scenario, admission, lab: fault.lab === undefined && fault.scenario === undefined ? run : { ...run, record: normalized((fault.lab ?? ((same) => same))(seen), 'virtual_clock') },
    attempts: attempts.map((attempt) => fault.attempt?.(attempt) ?? attempt),
    infrastructure: null, engine_available: true,
    bridge_logs_agree: downgrade === null ? null : downgrade.complete, bridge_disagreement: firstDisagreement(downgrade), peers_from_model: peersFromModel(scenario, captures.flat()),
    capture_manifest_path: 'capture-manifest.json', normalized_record_path: 'live.json',
  }
  return fault.evidence?.(evidence) ?? evidence
}

const counted = (events: readonly TraceEvent[]): TraceEvent[] => events.map((event, seq) => ({ ...event, seq }))
