import { isAbsolute, relative, sep } from 'node:path'
import { z } from 'zod'
import type { Tested } from '../contract/tiers.js'
import { EngineSchema, SURFACE_FAMILIES, TIERS, type Engine, type SurfaceFamily, type Tier } from '../contract/vocabulary.js'

/** One test as a runner told of it. */
export interface ToldTest {
  /** Titles from the outermost `describe` to the test itself. */
  titles: readonly string[]
  file: string
  engine: Engine | null
  outcome: 'passed' | 'failed' | 'skipped'
}

/**
 * What the titles of a test say that it serves: `T0 timer_surface, http_surface: …`, tiers first, then rows, before anything else is said;
 * the innermost title that names tiers, and rows of all of them.
 */
export function servedBy(titles: readonly string[]): { tiers: Tier[]; rows: SurfaceFamily[] } {
  const heads = titles.map((title) => leading(title.split(':', 1)[0]!.split(/[\s,]+/)))
  const tiers = heads.map((head) => head.flatMap((word) => TIERS.find((tier) => tier === word) ?? []))
  return { tiers: tiers.findLast((named) => named.length > 0) ?? [], rows: [...new Set(heads.flatMap((head) => head.flatMap((word) => SURFACE_FAMILIES.find((row) => row === word) ?? [])))] }
}

const TOKENS: ReadonlySet<string> = new Set([...TIERS, ...SURFACE_FAMILIES])
function leading(words: readonly string[]): string[] {
  const end = words.findIndex((word) => !TOKENS.has(word))
  return [...words.slice(0, end < 0 ? words.length : end)]
}

/** Counts by tier, row, engine and file, in order; a test of two rows counts for each. */
export function tested(tests: readonly ToldTest[]): Tested[] {
  const counts = new Map<string, Tested>()
  for (const { titles, file, engine, outcome } of tests) {
    const { tiers, rows } = servedBy(titles)
    for (const tier of orNull(tiers)) {
      for (const surface_family of orNull(rows)) {
        const key = JSON.stringify([file, tier, surface_family, engine])
        const count = counts.get(key) ?? { tier, surface_family, engine, file, passed: 0, failed: 0, skipped: 0 }
        count[outcome] += 1
        counts.set(key, count)
      }
    }
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count)
}

const orNull = <Token>(tokens: readonly Token[]): Array<Token | null> => (tokens.length > 0 ? [...tokens] : [null])

const VitestSchema = z.object({
  testResults: z.array(z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() })) })),
})

/** The tests of a report by Vitest's `json` reporter; a file that could not be run at all is one failed test. Throws Zod's error for another report. */
export function vitestTests(report: unknown, root: string): ToldTest[] {
  return VitestSchema.parse(report).testResults.flatMap(({ name, status, assertionResults }): ToldTest[] => {
    const at = { file: under(root, name), engine: null }
    const tests = assertionResults.map((one): ToldTest => ({ ...at, titles: [...one.ancestorTitles, one.title], outcome: one.status === 'passed' ? 'passed' : one.status === 'failed' ? 'failed' : 'skipped' }))
    return status === 'failed' && !tests.some(({ outcome }) => outcome === 'failed') ? [...tests, { ...at, titles: [], outcome: 'failed' }] : tests
  })
}

const SpecSchema = z.object({ title: z.string(), file: z.string(), tests: z.array(z.object({ projectName: z.string(), status: z.string() })) })
interface Suite { title: string; file: string; specs: Array<z.infer<typeof SpecSchema>>; suites?: Suite[] | undefined }
const SuiteSchema: z.ZodType<Suite> = z.object({ title: z.string(), file: z.string(), specs: z.array(SpecSchema), suites: z.lazy(() => z.array(SuiteSchema)).optional() })
const PlaywrightSchema = z.object({ config: z.object({ rootDir: z.string() }), suites: z.array(SuiteSchema), errors: z.array(z.unknown()) })

/** The tests of a report by Playwright's `json` reporter; a project is an engine, and an error outside of all tests is a failed test. Throws Zod's error for another report. */
export function playwrightTests(report: unknown, root: string): ToldTest[] {
  const { config: { rootDir }, suites, errors } = PlaywrightSchema.parse(report)
  const specsOf = (suite: Suite, titles: readonly string[]): ToldTest[] => [
    ...suite.specs.flatMap(({ title, file, tests }) => tests.map(({ projectName, status }): ToldTest => ({
      titles: [...titles, title], file: under(root, isAbsolute(file) ? file : `${rootDir}${sep}${file}`), engine: EngineSchema.parse(projectName),
      outcome: status === 'expected' ? 'passed' : status === 'skipped' ? 'skipped' : 'failed',
    }))),
    ...(suite.suites ?? []).flatMap((inner) => specsOf(inner, [...titles, inner.title])),
  ]
  return [...suites.flatMap((suite) => specsOf(suite, [])), ...errors.map((): ToldTest => ({ titles: [], file: 'playwright.config.ts', engine: null, outcome: 'failed' }))]
}

const under = (root: string, path: string): string => relative(root, path).split(sep).join('/')
