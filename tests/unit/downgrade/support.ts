import type { DowngradeAnswer, DowngradeReport, DowngradeRow } from '../../../src/contract/downgrade-report.js'
import type { Downgrade } from '../../../src/contract/downgrade.js'
import { SubjectDeclarationSchema, type HostPacket } from '../../../src/contract/host.js'
import type { Verdict } from '../../../src/contract/verdict.js'
import { expectedAnswer } from '../../../src/downgrade/expected.js'
import type { Given } from '../../../src/downgrade/read-given.js'
import { downgradeExit } from '../../../src/downgrade/run-downgrades.js'
import { scenarioIdsOf } from '../../../src/downgrade/trial-scenarios.js'
import { TRIALS, type Trial } from '../../../src/downgrade/trials.js'

export const SUBJECT = SubjectDeclarationSchema.parse({ name: 's', version: '1', requires: ['webassembly', 'websocket'], host_roles: ['window', 'dedicated_worker'], bridge: true, classification: null })
export const trialOf = (id: string): Trial => TRIALS.find((trial) => trial.id === id)!

interface Made { packet?: Partial<HostPacket> | null; verdict?: Partial<Verdict> | null; downgrade?: Partial<Downgrade> | null }

/** What a run of a window leaves that gave exactly what was expected; `change` says what it left otherwise, in the first cell where it is about cells. */
export function givenAs(trial: Trial, change: Made = {}): Given {
  const { support_class, reason_code, cause, carrier, verdict }: DowngradeAnswer = expectedAnswer(trial, 'window', SUBJECT, () => true)
  const packet = { support_class, reason_code, admission: { cause }, probe: null } as unknown as HostPacket
  return {
    packet: change.packet === null ? null : { ...packet, ...change.packet },
    packet_path: 'hosts/chromium.window.json',
    cells: scenarioIdsOf(trial).map((scenario_id, at) => {
      const own = at === 0 ? change : {}
      const cell = { scenario_id, verdict, support_class, reason_code, cause, findings: [], reason: 'made up', artifact_bundle: `bundles/chromium.window.any/${scenario_id}`, repro_command: 'again', ...own.verdict } as unknown as Verdict
      const record = carrier === null && own.downgrade == null ? null : { complete: true, missing: cause, attempts: [{ lost: false, carrier }], ...own.downgrade } as unknown as Downgrade
      return { scenario_id, verdict: own.verdict === null ? null : cell, downgrade: own.downgrade === null || own.verdict === null ? null : record }
    }),
  }
}

/** A report of these rows. */
export const reportOf = (rows: DowngradeRow[], more: Partial<DowngradeReport> = {}): DowngradeReport => ({
  schema: 'lanecheck.downgrade-report.v1', run_id: 'r', subject: SUBJECT, engines: [], interrupted: false,
  trials: [...new Set(rows.map(({ trial }) => trial))].map(trialOf).map(({ id, title, page, without, needs }) => ({ id, title, page, without: [...without], needs: [...needs] })),
  rows, sums: { ok: 0, different: 0, weak: 0, lost: 0, ...Object.fromEntries(['ok', 'different', 'weak', 'lost'].map((token) => [token, rows.filter(({ outcome }) => outcome === token).length])) },
  not_carried: [], exit_code: downgradeExit(rows), ...more,
})
