import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit } from '../audit/audit.js'
import { LanecheckError } from '../contract/errors.js'
import { EvidenceIndexSchema } from '../contract/evidence.js'
import type { GateReport } from '../contract/gate.js'
import { HostPacketSchema } from '../contract/host.js'
import { RunTiersSchema, TierRecordSchema } from '../contract/tiers.js'
import { SURFACE_FAMILIES } from '../contract/vocabulary.js'
import type { AuditReport } from '../audit/findings.js'
import { canonicalDigest, sha256Hex } from '../evidence/digest.js'
import { EVIDENCE_INDEX } from '../evidence/evidence-index.js'
import { readLedger, readPlan, readRecord, TIERS_FILE } from '../evidence/ledger-file.js'
import { askedOf } from '../judge/run-tiers.js'
import { packageVersion } from '../package-root.js'
import { ROW_TESTS } from '../report/row-tests.js'
import { CATALOGUE } from '../scenarios/catalogue.js'
import { gateExit } from './exit-code.js'
import type { GateInput } from './input.js'
import { kitDigest } from './kit-digest.js'
import { gatePackets } from './packets.js'

/** The packets of a folder; or, of a folder that does not audit clean, what the audit found and no packets. */
export type Gated = { audited: AuditReport; report: null } | { audited: AuditReport; report: GateReport }

/** Audits an evidence folder, then tells for each row × lane what its promotion floor has. Throws `evidence_invalid` for a folder or a record that is none. */
export function gate(dir: string, test_records: readonly string[]): Gated {
  const records = test_records.map((path) => ({ path, record: readRecord(path, TierRecordSchema), sha256: sha256Hex(readFileSync(path)) }))
  const audited = audit(dir)
  if (audited.exit_code !== 0) return { audited, report: null }
  const ledger = readLedger(dir)
  const { files } = readRecord(join(dir, EVIDENCE_INDEX), EvidenceIndexSchema)
  const input: GateInput = {
    ledger, records,
    tiers: readRecord(join(dir, TIERS_FILE), RunTiersSchema),
    hosts: Object.keys(files).filter((path) => path.startsWith('hosts/')).map((path) => readRecord(join(dir, path), HostPacketSchema)),
    kit: { lanecheck_version: packageVersion(), kit_sha256: kitDigest() },
    run_kit_sha256: readPlan(dir).kit_sha256,
    asked: askedOf(CATALOGUE, SURFACE_FAMILIES),
    duties: ROW_TESTS,
    stampOf: (path) => files[path]?.sha256 ?? missing(path),
    digest: canonicalDigest,
  }
  const packets = gatePackets(input)
  return { audited, report: { schema: 'lanecheck.gate.v1', run_id: ledger.run.run_id, packets, exit_code: gateExit(packets) } }
}

function missing(path: string): never {
  throw new LanecheckError('internal', 'the gate rests on a file that the evidence does not name', { where: path })
}
