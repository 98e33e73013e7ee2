import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { DowngradeSchema, type Downgrade } from '../contract/downgrade.js'
import { HostPacketSchema, type HostPacket } from '../contract/host.js'
import { packetPath } from '../contract/page-conditions.js'
import type { Verdict } from '../contract/verdict.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'
import { readRecord } from '../evidence/ledger-file.js'
import { scenarioIdsOf } from './trial-scenarios.js'
import type { Trial } from './trials.js'

/** What a run's evidence holds of a trial in one realm; paths are relative to the evidence folder. */
export interface Given {
  /** Null when the engine could not be had. */
  packet: HostPacket | null
  packet_path: string
  cells: ReadonlyArray<{ scenario_id: string; verdict: Verdict | null; downgrade: Downgrade | null }>
}

/** Reads what became of a trial: host packet, verdicts, downgrade records. Throws `evidence_invalid` for a record that cannot be read. */
export function readGiven(out: string, verdicts: readonly Verdict[], trial: Trial, engine: Engine, role: HostRole): Given {
  const packet_path = packetPath(engine, role, trial)
  const read = <Kind>(path: string, schema: z.ZodType<Kind>): Kind | null => (existsSync(join(out, path)) ? readRecord(join(out, path), schema) : null)
  return {
    packet: read(packet_path, HostPacketSchema),
    packet_path,
    cells: scenarioIdsOf(trial).map((scenario_id) => {
      const verdict = verdicts.find((one) => one.engine === engine && one.host_role === role && one.scenario_id === scenario_id) ?? null
      const bundle = verdict?.artifact_bundle ?? null
      return { scenario_id, verdict, downgrade: bundle === null ? null : read(`${bundle}/downgrade.json`, DowngradeSchema) }
    }),
  }
}
