import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { ClaimsConfigSchema, type ClaimsConfig } from '../claims/claim.js'
import { LanecheckError } from '../contract/errors.js'
import { standsAt } from './read-text.js'

/** Read when it is there and nobody names another. */
export const DEFAULT_CLAIMS_CONFIG = 'lanecheck.claims.yaml'

/** Reads limits and allow-list; without a name the default file, if it is there. Throws `usage`. */
export function loadClaimsConfig(path: string | undefined): ClaimsConfig {
  const file = path ?? DEFAULT_CLAIMS_CONFIG
  if (path === undefined && !standsAt(file)) return {}
  try {
    return ClaimsConfigSchema.parse(parse(readFileSync(file, 'utf8')) ?? {})
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') : error instanceof Error ? error.message : String(error)
    throw new LanecheckError('usage', `the claims config cannot be read: ${why}`, { where: file, hint: 'it may hold max_age_days, engine_versions, artifacts and allow', cause: error })
  }
}
