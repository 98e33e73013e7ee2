import type { ErrorCode } from '../contract/errors.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'

/** One run, as the test asks its host for it; the evidence goes to `out`, which the test reads. */
export interface HostRequest {
  id: number
  engine: Engine
  roles: HostRole[]
  /** Globs over scenario ids. */
  scenarios: string[]
  /** Only this cell; null for all of the roles and scenarios. */
  cell: string | null
  /** As a person would name it to `lanecheck verify` in the current folder. */
  subject: string
  /** Files with scenarios of the maintainer's own, as globs from a folder. */
  own: { globs: string[]; folder: string }
  seed: number
  out: string
  max_attempts: number
}

export type HostAnswer =
  | { id: number; ok: true }
  | { id: number; ok: false; error: { code: ErrorCode; message: string; where: string | null; hint: string | null } }
