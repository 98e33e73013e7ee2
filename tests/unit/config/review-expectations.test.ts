import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { expectedOf, FILL_IN, loadExpectations, type ExpectationEntry } from '../../../src/config/expectations.js'
import { reviewExpectations, type Reviewing } from '../../../src/config/review-expectations.js'
import { updatedText, updateOf, updateText, writeUpdate } from '../../../src/config/update-expectations.js'
import type { Verdict } from '../../../src/contract/verdict.js'
import { HOST_ROLES, type Engine, type HostRole } from '../../../src/contract/vocabulary.js'
import { surprises } from '../../../src/judge/exit-code.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'
import { TASK_SCENARIOS } from '../../../src/scenarios/task/calls.js'
import { tokenIn } from '../judge/verdicts.js'

const IDS = ['timer.order.distinct', 'timer.order.equal'] as const
const catalogue = CATALOGUE.filter(({ id }) => (IDS as readonly string[]).includes(id))
const entry = (parts: Partial<ExpectationEntry>): ExpectationEntry => ({ lane: 'webkit.*', scenario: '*', verdict: 'semantic_mismatch', reason: 'it is so', ...parts })
const TODAY = '2026-03-01'
/** A run of these cells, each in all realms of an engine. */
const runOf = (verdicts: Verdict[], parts: Partial<Reviewing> = {}): Reviewing => ({ verdicts, planned: verdicts.map(({ cell_id }) => cell_id), productOf: () => 'webkitgtk', catalogue, today: TODAY, ...parts })
const everywhere = (token: Verdict['verdict'], engine: Engine = 'webkit'): Verdict[] => HOST_ROLES.slice(0, 4).flatMap((role) => IDS.map((id) => tokenIn(token, engine, role, id)))
const problems = (entries: ExpectationEntry[], run: Reviewing): string[] => reviewExpectations(entries, run).map(({ at, problem }) => `${at} ${problem}`)

describe('T0 expectations: held against a run', () => {
  test('those that hold have nothing said of them', () => expect(problems([entry({})], runOf(everywhere('semantic_mismatch')))).toEqual([]))
  test('one whose cells pass no longer holds; so for some of its cells', () => {
    expect(problems([entry({})], runOf(everywhere('parity')))).toEqual(['0 no_longer_holds'])
    const mixed = everywhere('semantic_mismatch').map((verdict, at) => (at === 0 ? tokenIn('parity', 'webkit', 'window', IDS[0]) : verdict))
    expect(reviewExpectations([entry({})], runOf(mixed))).toMatchObject([{ problem: 'no_longer_holds', detail: expect.stringMatching(/^1 of 8 .*webkit\.window\/timer\.order\.distinct parity/) as unknown }])
  })
  test('one that matches nothing: where all that it could speak of was planned and seen, and nowhere else', () => {
    const bridged = entry({ lane: 'webkit.*.bridge' })
    expect(problems([bridged], runOf(everywhere('parity')))).toEqual(['0 matches_nothing'])
    expect(problems([bridged], runOf(everywhere('parity').slice(1)))).toEqual([])
    expect(problems([bridged], runOf(everywhere('parity').map((verdict, at) => (at === 0 ? tokenIn('infrastructure_loss', 'webkit', 'window', IDS[0]) : verdict))))).toEqual([])
    expect(problems([entry({ lane: '*.bridge' })], runOf(everywhere('parity')))).toEqual([])
    expect(problems([entry({ lane: 'firefox.*' })], runOf(everywhere('parity')))).toEqual([])
    expect(problems([{ ...bridged, engine_product: 'playwright-webkit' }], runOf(everywhere('parity')))).toEqual([])
    expect(problems([{ ...bridged, engine_product: 'webkitgtk' }], runOf(everywhere('parity')))).toEqual(['0 matches_nothing'])
  })
  test('one of a scenario or lane that there is not matches nothing, whatever was planned', () => {
    expect(problems([entry({ scenario: 'timer.ordr.*' })], runOf([tokenIn('parity', 'firefox')]))).toEqual(['0 matches_nothing'])
    expect(problems([entry({ lane: 'opera.*' })], runOf([]))).toEqual(['0 matches_nothing'])
  })
  test('one of scenarios that a run takes only when they are named is judged by a run of them, and by no other', () => {
    const task = TASK_SCENARIOS.filter(({ id }) => id === 'task.result.failed')
    const apart = { apart: task }
    const [one, over] = [entry({ scenario: 'task.*' }), entry({ scenario: 'task.*', until: '2026-02-28' })]
    expect(problems([one, over], runOf(everywhere('parity'), apart))).toEqual([])
    expect(updateOf([one], runOf(everywhere('parity'), apart)).removed).toEqual([])
    const named = runOf(HOST_ROLES.map((role) => tokenIn('parity', 'webkit', role, 'task.result.failed')), apart)
    expect(problems([one], named)).toEqual(['0 no_longer_holds'])
    expect(problems([over], named)).toEqual(['0 expired'])
    // What fits others too is stale when it fits none of those.
    expect(problems([entry({ lane: 'webkit.*.bridge' })], runOf(everywhere('parity'), apart))).toEqual(['0 matches_nothing'])
  })
  test('where some scenarios were not loaded, an entry may be of those; one that names a loaded one is judged', () => {
    const run = runOf(everywhere('parity'), { some_unknown: true })
    const entries = [entry({ scenario: 'mine.one' }), entry({ scenario: '*.one' }), entry({ lane: 'webkit.*.bridge', scenario: 'timer.*' }), entry({ lane: 'webkit.*.bridge', scenario: IDS[0] })]
    expect(problems(entries, run)).toEqual(['3 matches_nothing'])
    expect(updateOf(entries, run).removed).toEqual([3])
  })
  test('on its last day it excuses, the day after it does not, and is reported', () => {
    const [last, over] = [entry({ until: TODAY }), entry({ until: '2026-02-28' })]
    const cell = tokenIn('semantic_mismatch', 'webkit')
    const asks = (one: ExpectationEntry): unknown => expectedOf([one], () => undefined, TODAY)(cell)
    expect([asks(last), asks(over)]).toEqual([last, null])
    expect(problems([last, over], runOf(everywhere('semantic_mismatch')))).toEqual(['1 expired'])
    expect(problems([over], runOf(everywhere('parity', 'firefox')))).toEqual([])
  })
  test('one whose reason nobody wrote excuses nothing, and is reported', () => {
    for (const reason of [`${FILL_IN}: why?`, ' ']) {
      expect(expectedOf([entry({ reason })], () => undefined, TODAY)(tokenIn('semantic_mismatch', 'webkit'))).toBeNull()
      expect(problems([entry({ reason })], runOf(everywhere('semantic_mismatch')))).toEqual(['0 not_reviewed'])
    }
  })
})

describe('T0 expectations: brought up to date', () => {
  let folder = ''
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-expected-')) })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('what no longer holds goes, what is new comes with a reason to fill in, in one entry for all its roles', () => {
    const run = runOf([...everywhere('semantic_mismatch').filter(({ scenario_id }) => scenario_id === IDS[0]), ...everywhere('parity').filter(({ scenario_id }) => scenario_id === IDS[1])])
    const { removed, added } = updateOf([entry({ scenario: IDS[1] }), entry({ lane: 'firefox.*' })], run)
    expect(removed).toEqual([0])
    expect(added).toEqual([{ lane: 'webkit.{window,dedicated_worker,shared_worker,service_worker}.direct', scenario: IDS[0], engine_product: 'webkitgtk', verdict: 'semantic_mismatch', reason: expect.stringMatching(/^FILL IN: /) as unknown }])
  })
  test('what is nothing to be content with is never written', () => {
    for (const token of ['infrastructure_loss', 'not_run', 'irreproducible', 'invalid_experiment', 'policy_violation'] as const) expect(updateOf([], runOf([tokenIn(token)])).added).toEqual([])
  })
  test('an expectation past its day stays for a person, and no other comes in its place', () => {
    expect(updateOf([entry({ until: '2026-01-01' })], runOf(everywhere('semantic_mismatch')))).toEqual({ removed: [], added: [] })
  })

  const anyEntry = fc.record({
    lane: fc.constantFrom('*', 'webkit.*', 'webkit.window.direct', 'webkit.*.bridge', 'firefox.*'), scenario: fc.constantFrom('*', ...IDS, 'timer.gone'),
    verdict: fc.constantFrom('semantic_mismatch', 'unsupported', 'parity', 'bridge_only') as fc.Arbitrary<ExpectationEntry['verdict']>,
    reason: fc.constantFrom('it is so', `${FILL_IN}: why`), until: fc.constantFrom('2026-01-01', '2027-01-01'),
  }, { requiredKeys: ['lane', 'scenario', 'verdict', 'reason'] }) as fc.Arbitrary<ExpectationEntry>
  const tokens = fc.constantFrom('parity', 'semantic_mismatch', 'unsupported', 'bridge_mismatch', 'bridge_only', 'infrastructure_loss', 'irreproducible') as fc.Arbitrary<Verdict['verdict']>
  const anyRun = fc.array(tokens, { minLength: 16, maxLength: 16 }).map((all) => runOf((['webkit', 'firefox'] as const).flatMap((engine, e) => HOST_ROLES.slice(0, 4).flatMap((role: HostRole, r) => IDS.map((id, s) => tokenIn(all[e * 8 + r * 2 + s]!, engine, role, id))))))

  test('a second time changes nothing; entries that stay keep their text and order; once the reasons are written, the run has no surprise that may be expected', () => {
    fc.assert(fc.property(fc.array(anyEntry, { maxLength: 5 }), anyRun, (entries, run) => {
      const update = updateOf(entries, run)
      const after = [...entries.filter((_, at) => !update.removed.includes(at)), ...update.added]
      expect(updateOf(after, run)).toEqual({ removed: [], added: [] })
      const written = after.map(({ until: _, ...one }) => ({ ...one, reason: 'written' }))
      const expected = expectedOf(written, run.productOf, TODAY)
      const left = surprises(run.verdicts, (verdict) => expected(verdict)?.verdict ?? null).map(({ verdict }) => verdict.verdict)
      expect(left.filter((token) => token !== 'infrastructure_loss' && token !== 'irreproducible')).toEqual([])
    }), { numRuns: 60 })
  }, 120_000)

  const BEFORE = [entry({ comment: 'see the standard' }), entry({ scenario: IDS[1] })]
  const UPDATE = { removed: [1], added: [entry({ reason: `${FILL_IN}: new` })] }

  test('in JSON, what stays keeps its comment and order, and the file is one that is read again', async () => {
    const path = join(folder, 'expected.json')
    writeFileSync(path, JSON.stringify({ schema: 'lanecheck.expectations.v1', comment: 'ours', expectations: BEFORE }))
    await writeUpdate(path, UPDATE)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ schema: 'lanecheck.expectations.v1', comment: 'ours', expectations: [BEFORE[0], UPDATE.added[0]] })
    expect(loadExpectations(path)).toHaveLength(2)
  })
  test('in YAML, comments stay too', () => {
    const text = ['# ours', 'schema: lanecheck.expectations.v1', 'expectations:', '  # the first', ...BEFORE.flatMap(({ lane, scenario, verdict, reason }) => [`  - lane: '${lane}'`, `    scenario: '${scenario}'`, `    verdict: ${verdict}`, `    reason: ${reason} # why`]), ''].join('\n')
    const after = updatedText(text, UPDATE, true)
    expect(after).toMatch(/^# ours\n[\s\S]*# the first\n[\s\S]*# why/)
    expect((parse(after) as { expectations: unknown[] }).expectations).toEqual([entry({}), UPDATE.added[0]])
    const path = join(folder, 'expected.yaml')
    writeFileSync(path, after)
    expect(loadExpectations(path)).toHaveLength(2)
    expect((parse(updatedText(null, { removed: [], added: UPDATE.added }, true)) as { expectations: unknown[] }).expectations).toEqual(UPDATE.added)
  })
  test('no file is written for nothing; a new one is whole', async () => {
    const path = join(folder, 'new.json')
    await writeUpdate(path, { removed: [], added: [] })
    expect(existsSync(path)).toBe(false)
    await writeUpdate(path, { removed: [], added: UPDATE.added })
    expect(loadExpectations(path)).toEqual(UPDATE.added)
  })
  test('the diff names what goes and what comes', () => {
    expect(updateText('e.json', BEFORE, UPDATE)).toMatch(/^--- e\.json\n\+\+\+ e\.json\n@@ expectations\.1\n- \{[\s\S]*@@ expectations\.1\n\+ \{/)
    expect(updateText('e.json', BEFORE, { removed: [], added: [] })).toBe('')
  })
  test('a day that is none is refused', () => {
    const path = join(folder, 'day.json')
    writeFileSync(path, JSON.stringify({ schema: 'lanecheck.expectations.v1', expectations: [entry({ until: '1.3.2026' })] }))
    expect(() => loadExpectations(path)).toThrowError(expect.objectContaining({ code: 'usage', message: expect.stringContaining('YYYY-MM-DD') as unknown }))
  })
})
