import { z } from 'zod'

/**
 * Everything an audit can find, by code. Exit 1: bytes were changed, or records contradict each other.
 * Exit 3: nothing was changed, and something is not there yet.
 */
export const AUDIT_CODES = {
  file_missing: { exit: 1, says: 'a file that the evidence names is not there' },
  file_added: { exit: 1, says: 'a file that no part of the evidence accounts for' },
  digest_differs: { exit: 1, says: 'the bytes are not those that were kept' },
  not_json: { exit: 1, says: 'the file or line is not JSON in UTF-8' },
  schema_broken: { exit: 1, says: 'the record does not match its schema' },
  form_changed: { exit: 1, says: 'the record is not written in the form in which records are kept' },
  misplaced: { exit: 1, says: 'the record belongs to another cell, lane or scenario than the place where it lies' },
  other_run: { exit: 1, says: 'the record belongs to another run, configuration, artifact or subject' },
  plan_differs: { exit: 1, says: 'the plan contradicts itself or what ran' },
  cell_unplanned: { exit: 1, says: 'a verdict of a cell that was not planned' },
  cell_duplicated: { exit: 1, says: 'a cell with more verdicts than one' },
  order_differs: { exit: 1, says: 'records are not in the order in which they were made' },
  sums_differ: { exit: 1, says: 'the sums are not those of the verdicts' },
  tiers_differ: { exit: 1, says: 'the tiers said to be met are not those that the verdicts meet' },
  copies_differ: { exit: 1, says: 'the same fact is told in two ways' },
  capture_differs: { exit: 1, says: 'what is said of the capture is not what the capture holds' },
  results_differ: { exit: 1, says: 'attempts, losses and captured lines do not belong together' },
  downgrade_differs: { exit: 1, says: 'the downgrade record does not come out of the admission and both sides\' logs' },
  worker_end_differs: { exit: 1, says: 'how a service worker was ended, and what came of what was pending, does not come out of the capture' },
  record_differs: { exit: 1, says: 'the normalized record does not come out of the capture' },
  admission_differs: { exit: 1, says: 'the admission does not come out of the probe, or is told in two ways' },
  canary_differs: { exit: 1, says: 'what a canary came to is not what comes out of what was seen of it' },
  canary_missing: { exit: 1, says: 'a verdict rests on an engine session without good canaries' },
  verdict_differs: { exit: 1, says: 'the verdict does not come out of the bundle' },
  cell_missing: { exit: 3, says: 'a planned cell without a verdict' },
  shard_missing: { exit: 3, says: 'a shard of the plan is not here; lanecheck merge joins all of them' },
  run_unfinished: { exit: 3, says: 'the run was cut off before its ledger was complete' },
} as const satisfies Record<string, { exit: 1 | 3; says: string }>

export type AuditCode = keyof typeof AUDIT_CODES
const CODES = Object.keys(AUDIT_CODES) as [AuditCode, ...AuditCode[]]

export const AuditFindingSchema = z.strictObject({
  code: z.enum(CODES),
  /** Of the file, relative to the evidence folder; a line of it after a colon. */
  path: z.string(),
  /** Where in the record; null when it is the file as a whole. */
  field: z.string().nullable(),
  expected: z.string(),
  found: z.string(),
})
export type AuditFinding = z.infer<typeof AuditFindingSchema>

/** What `lanecheck audit --json` prints. */
export const AuditReportSchema = z.strictObject({
  schema: z.literal('lanecheck.audit.v1'),
  /** Null when there is no plan that can be read. */
  run_id: z.string().nullable(),
  files: z.number().int().min(0),
  cells: z.strictObject({
    planned: z.number().int().min(0),
    judged: z.number().int().min(0),
    /** Verdicts that were derived again from their bundle and came out the same. */
    derived: z.number().int().min(0),
  }),
  findings: z.array(AuditFindingSchema),
  exit_code: z.union([z.literal(0), z.literal(1), z.literal(3)]),
})
export type AuditReport = z.infer<typeof AuditReportSchema>

/** The one that stands when several hold. */
export function auditExit(findings: readonly AuditFinding[]): AuditReport['exit_code'] {
  const exits = findings.map(({ code }) => AUDIT_CODES[code].exit)
  return exits.includes(1) ? 1 : exits.includes(3) ? 3 : 0
}
