/**
 * Every error a user can meet has one of these codes; the code decides the exit code.
 * 64: wrong use or bad input. 1: evidence that was changed. 3: infrastructure. 70: our own fault.
 */
export const ERROR_EXIT_CODES = {
  usage: 64,
  unknown_engine: 64,
  unknown_host_role: 64,
  unknown_scenario: 64,
  unknown_cell: 64,
  scenario_invalid: 64,
  scenario_file_not_found: 64,
  scenario_id_taken: 64,
  config_invalid: 64,
  files_exist: 64,
  package_not_for_browsers: 64,
  subject_not_found: 64,
  subject_does_not_parse: 64,
  subject_invalid: 64,
  subject_throws: 64,
  subject_never_starts: 64,
  package_not_found: 64,
  package_unreadable: 64,
  package_stale: 64,
  wasm_pack_failed: 64,
  wasm_invalid: 64,
  output_not_writable: 64,
  output_holds_another_run: 64,
  evidence_invalid: 64,
  evidence_unsound: 1,
  shards_differ: 1,
  retry_hides_verdict: 1,
  port_busy: 64,
  lab_not_deterministic: 70,
  lab_missing_global: 64,
  lab_stalled: 64,
  shard_missing: 3,
  engine_not_found: 3,
  engine_launch_failed: 3,
  realm_lost: 3,
  deadline_exceeded_in_node: 3,
  disk_full: 3,
  interrupted: 3,
  internal: 70,
} as const

export type ErrorCode = keyof typeof ERROR_EXIT_CODES

const FOOTPRINT = Symbol.for('lanecheck.error')

/** An error meant for a person: what was wrong, where, and what to do next. */
export class LanecheckError extends Error {
  readonly code: ErrorCode
  /** File and line, record and field, or option: where the mistake is. Null when it has no place. */
  readonly where: string | null
  /** The next thing to type or change. */
  readonly hint: string | null
  readonly [FOOTPRINT] = true

  constructor(code: ErrorCode, message: string, place: { where?: string; hint?: string; cause?: unknown } = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause })
    this.name = 'LanecheckError'
    this.code = code
    this.where = place.where ?? null
    this.hint = place.hint ?? null
  }
}

/** True for our own errors, also those made by a second copy of this module. */
export function isLanecheckError(value: unknown): value is LanecheckError {
  return typeof value === 'object' && value !== null && FOOTPRINT in value
}
