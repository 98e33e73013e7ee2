import { existsSync, readFileSync } from 'node:fs'
import picomatch from 'picomatch'
import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { EngineIdentitySchema } from '../contract/host.js'
import type { Verdict } from '../contract/verdict.js'
import { VerdictTokenSchema } from '../contract/vocabulary.js'

/** Read when it is there and nobody names another. */
export const DEFAULT_EXPECTATIONS = 'lanecheck.expectations.json'

const ExpectationSchema = z.strictObject({
  /** Globs over lane ids and scenario ids; `*` stands for anything, dots too. */
  lane: z.string().min(1),
  scenario: z.string().min(1),
  /** Only for this product; what Playwright's WebKit does is no news of WebKitGTK. */
  engine_product: EngineIdentitySchema.shape.engine_product.optional(),
  verdict: VerdictTokenSchema,
  /** Why it is so; for whoever reviews the file. */
  reason: z.string().min(1),
})
export const ExpectationsFileSchema = z.strictObject({ schema: z.literal('lanecheck.expectations.v1'), expectations: z.array(ExpectationSchema) })
export type ExpectationEntry = z.infer<typeof ExpectationSchema>

export interface ExpectedOf {
  /** The entry that speaks of this cell; the last one in the file that matches stands. Null when none does. */
  (verdict: Pick<Verdict, 'lane_id' | 'scenario_id' | 'engine'>): ExpectationEntry | null
}

/** Reads an expectations file; without a name the default one, if it is there. Throws `usage`. */
export function loadExpectations(path: string | undefined): ExpectationEntry[] {
  const file = path ?? DEFAULT_EXPECTATIONS
  if (path === undefined && !existsSync(file)) return []
  try {
    return ExpectationsFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).expectations
  } catch (error) {
    throw new LanecheckError('usage', `the expectations file cannot be read: ${problemOf(error)}`, { where: file, hint: 'each entry wants lane, scenario, verdict and reason', cause: error })
  }
}

function problemOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** Asks the entries about cells; `productOf` says what ran as an engine. */
export function expectedOf(entries: ExpectationEntry[], productOf: (engine: string) => string | undefined): ExpectedOf {
  const matchers = entries.map((entry) => ({ entry, lane: picomatch(entry.lane), scenario: picomatch(entry.scenario) })).reverse()
  return ({ lane_id, scenario_id, engine }) => matchers.find(({ entry, lane, scenario }) =>
    lane(lane_id) && scenario(scenario_id) && (entry.engine_product === undefined || entry.engine_product === productOf(engine)))?.entry ?? null
}
