import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import picomatch from 'picomatch'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { EngineIdentitySchema } from '../contract/host.js'
import type { Verdict } from '../contract/verdict.js'
import { VerdictTokenSchema } from '../contract/vocabulary.js'
import { standsAt } from './read-text.js'

/** Read when it is there and nobody names another. */
export const DEFAULT_EXPECTATIONS = 'lanecheck.expectations.json'

const ExpectationSchema = z.strictObject({
  /** Globs over lane ids and scenario ids; `*` stands for anything, dots too. */
  lane: z.string().min(1),
  scenario: z.string().min(1),
  /** Only for this product; what Playwright's WebKit does is no news of WebKitGTK. */
  engine_product: EngineIdentitySchema.shape.engine_product.optional(),
  verdict: VerdictTokenSchema,
  /** Why it is so; for whoever reviews the file. One that begins with `FILL IN` was written by the kit, and excuses nothing. */
  reason: z.string().min(1),
  /** The last day, in UTC, on which it excuses anything. */
  until: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'not a day: want YYYY-MM-DD').optional(),
  /** For people; kept when the file is brought up to date. */
  comment: z.string().optional(),
})
export const ExpectationsFileSchema = z.strictObject({ schema: z.literal('lanecheck.expectations.v1'), comment: z.string().optional(), expectations: z.array(ExpectationSchema) })
export type ExpectationEntry = z.infer<typeof ExpectationSchema>

export interface ExpectedOf {
  /** The entry that speaks of this cell; the last one in the file that matches stands. Null when none does. */
  (verdict: Pick<Verdict, 'lane_id' | 'scenario_id' | 'engine'>): ExpectationEntry | null
}

/** How a reason begins that a person has still to write. */
export const FILL_IN = 'FILL IN'
export const reviewed = ({ reason }: Pick<ExpectationEntry, 'reason'>): boolean => reason.trim() !== '' && !reason.startsWith(FILL_IN)
export const expired = ({ until }: Pick<ExpectationEntry, 'until'>, today: string): boolean => until !== undefined && until < today
/** Of UTC, as `YYYY-MM-DD`. */
export const todayIs = (): string => new Date().toISOString().slice(0, 10)

/** Whether an expectations file is read as YAML; by its name. */
export const isYaml = (file: string): boolean => ['.yaml', '.yml'].includes(extname(file))

/** Reads an expectations file, JSON or YAML; without a name the default one, if it is there. Throws `usage`. */
export function loadExpectations(path: string | undefined): ExpectationEntry[] {
  const file = path ?? DEFAULT_EXPECTATIONS
  if (path === undefined && !standsAt(file)) return []
  try {
    const text = readFileSync(file, 'utf8')
    return ExpectationsFileSchema.parse(isYaml(file) ? parseYaml(text) : JSON.parse(text)).expectations
  } catch (error) {
    throw new LanecheckError('usage', `the expectations file cannot be read: ${problemOf(error)}`, { where: file, hint: 'each entry wants lane, scenario, verdict and reason', cause: error })
  }
}

function problemOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** Asks the entries about cells; `productOf` says what ran as an engine. Entries that nobody reviewed, or whose last day is before `today`, are not asked. */
export function expectedOf(entries: readonly ExpectationEntry[], productOf: ProductOf, today: string = todayIs()): ExpectedOf {
  return lastMatch(entries.filter((entry) => reviewed(entry) && !expired(entry, today)), productOf)
}

export type ProductOf = (engine: string) => string | undefined

/** The last entry that matches a cell, whether it excuses or not. */
export function lastMatch(entries: readonly ExpectationEntry[], productOf: ProductOf): ExpectedOf {
  const matchers = entries.map((entry) => ({ entry, lane: picomatch(entry.lane), scenario: picomatch(entry.scenario) })).reverse()
  return ({ lane_id, scenario_id, engine }) => matchers.find(({ entry, lane, scenario }) =>
    lane(lane_id) && scenario(scenario_id) && (entry.engine_product === undefined || entry.engine_product === productOf(engine)))?.entry ?? null
}
