import { ClaimsReportSchema } from '../claims/claim.js'
import { AuditReportSchema } from '../audit/findings.js'
import { DEFAULT_EXPECTATIONS, ExpectationsFileSchema } from '../config/expectations.js'
import { DoctorReportSchema } from '../contract/doctor.js'
import { GateReportSchema } from '../contract/gate.js'
import { HistoryAddedSchema } from '../history/record.js'
import { HistoryDiffSchema } from '../history/diff.js'
import { HistoryReportSchema } from '../history/show.js'
import { InspectionSchema } from '../inspect/inspection.js'
import { ConfigSchema, CONFIG_FILES } from '../config/lanecheck-config.js'
import { InitReportSchema } from '../init/record.js'
import { CONTRACT_RECORDS, jsonSchemaText, schemaFileName, type RecordKind } from '../contract/json-schema.js'

/** Every record that has a JSON Schema in the package: those of a run, what a command prints of it, and what a user writes. */
export const RECORD_KINDS: readonly RecordKind[] = [
  ...CONTRACT_RECORDS,
  { record: 'audit', file: 'printed by lanecheck audit --json', schema: AuditReportSchema },
  { record: 'gate', file: 'printed by lanecheck gate --json', schema: GateReportSchema },
  { record: 'doctor', file: 'printed by lanecheck doctor --json', schema: DoctorReportSchema },
  { record: 'claims', file: 'printed by lanecheck claims check --json', schema: ClaimsReportSchema },
  { record: 'history-added', file: 'printed by lanecheck history add --json', schema: HistoryAddedSchema },
  { record: 'history', file: 'printed by lanecheck history show --json', schema: HistoryReportSchema },
  { record: 'history-diff', file: 'printed by lanecheck history diff --json', schema: HistoryDiffSchema },
  { record: 'inspection', file: 'printed by lanecheck inspect --json', schema: InspectionSchema },
  { record: 'init', file: 'printed by lanecheck init --json', schema: InitReportSchema },
  { record: 'config', file: CONFIG_FILES[0], schema: ConfigSchema },
  { record: 'expectations', file: DEFAULT_EXPECTATIONS, schema: ExpectationsFileSchema },
]

/** All of `schemas/`, by file name. */
export const schemaFiles = (): Map<string, string> => new Map(RECORD_KINDS.map((kind) => [schemaFileName(kind.record), jsonSchemaText(kind)]))
