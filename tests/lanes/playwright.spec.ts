import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { expect as expectCell, test as cellTest } from '../../src/playwright/index.js'
import { expect, test, type Ended, type Kit } from './support.js'

const MINUTE_MS = 60_000

cellTest.describe('the matchers', () => {
  cellTest('T2 browser_surface: a cell holds parity where the subject runs directly, and is bridge_only or unsupported elsewhere', async ({ runCell, cells }) => {
    const scenario = 'websocket.message.text'
    expectCell(await runCell({ scenario })).toHoldParity()
    expectCell(await cells({ scenarios: scenario, host_roles: ['shared_worker', 'service_worker'] })).toBeBridgeOnly({ cause: 'subject_declines_host_role', reason_code: 'downgrade_to_server_bridge' })
    const streams = await runCell({ scenario: 'sse.fields', lane: { host_role: 'dedicated_worker' } })
    expectCell(streams).toBeUnsupported({ reason_code: 'admitted_direct' })
    expectCell(streams).not.toHoldParity()
  })
})

const ResultSchema = z.object({ retry: z.number(), status: z.string(), errors: z.array(z.object({ message: z.string() })), attachments: z.array(z.object({ name: z.string(), path: z.string().optional() })) })
const SpecSchema = z.object({ title: z.string(), tests: z.array(z.object({ status: z.string(), annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })), results: z.array(ResultSchema) })) })
const SuiteSchema = z.object({ specs: z.array(SpecSchema), suites: z.array(z.object({ specs: z.array(SpecSchema) })).default([]) })
const ReportSchema = z.object({ suites: z.array(SuiteSchema), errors: z.array(z.unknown()) })

/** Where the run that this test is part of leaves its own report is no affair of the project's. */
const OF_NO_OTHER_RUN = { PLAYWRIGHT_JSON_OUTPUT_NAME: '', PLAYWRIGHT_JSON_OUTPUT_FILE: '', PLAYWRIGHT_JSON_OUTPUT_DIR: '', CI: '' }

/** Runs the small project that stands for a maintainer's. */
async function project(kit: Kit, file: string, ...args: string[]): Promise<{ ended: Ended; specs: z.infer<typeof SpecSchema>[] }> {
  const ended = await kit.start(process.execPath, [join('node_modules', '@playwright', 'test', 'cli.js'), 'test', '-c', 'tests/fixtures/lane-project/playwright.config.mjs', file, '--reporter=json', '--output', join(kit.folder, 'results'), ...args], OF_NO_OTHER_RUN).ended
  expect(ended.stdout, ended.stderr).toMatch(/^\{/)
  const { suites, errors } = ReportSchema.parse(JSON.parse(ended.stdout))
  expect(errors).toEqual([])
  return { ended, specs: suites.flatMap((suite) => [...suite.specs, ...suite.suites.flatMap(({ specs }) => specs)]) }
}

test.describe('as a package of another project', () => {
  test.beforeEach(({}, info) => {
    test.skip(info.project.name !== 'chromium', 'what it shows is the runner, not the engine')
    test.setTimeout(2 * MINUTE_MS)
  })

  test('T2 timer_surface: lanecheck/playwright gives verdicts and evidence, with its engine kept warm, under shards', async ({ kit }) => {
    const { ended, specs } = await project(kit, 'sound', '--shard=1/1')
    expect(ended.code, ended.stdout).toBe(0)
    expect(specs.map(({ title, tests }) => [title, tests[0]!.status])).toEqual([['parity', 'expected'], ['the engine is warm, and the same cell runs in it again', 'expected'], ['unsupported', 'expected']])
    expect(specs[0]!.tests[0]!.annotations).toEqual([{ type: 'lanecheck', description: 'chromium.window.direct timer.cancel.before_fire: parity' }].map((one) => expect.objectContaining(one) as unknown))
    const { attachments } = specs[1]!.tests[0]!.results[0]!
    expect(attachments.map(({ name }) => name)).toEqual(['lanecheck-1 evidence', 'chromium.window/timer.cancel.before_fire verdict'])
    for (const { path } of attachments) expect(existsSync(path!)).toBe(true)
    // The archive holds the whole folder, and the folder is sound.
    const unpacked = await kit.start('tar', ['-xzf', attachments[0]!.path!, '-C', kit.folder]).ended
    expect(unpacked.code, unpacked.stderr).toBe(0)
    expect(await kit.lanecheck('audit', join(kit.folder, 'lanecheck-1'))).toMatchObject({ code: 0 })
  })

  type Specs = Awaited<ReturnType<typeof project>>['specs']
  const at = (specs: Specs, title: string) => specs.find((spec) => spec.title === title)!.tests[0]!
  const statuses = (specs: Specs): string[][] => specs.map(({ title, tests }) => [title, tests[0]!.status])

  test('T4 timer_surface: a retry hides no verdict, neither by another one nor by leaving the cell out', async ({ kit }) => {
    const { ended, specs } = await project(kit, 'retries', '-g', 'a mismatch, then')
    expect([ended.code, statuses(specs)]).toEqual([1, [['a mismatch, then parity', 'unexpected'], ['a mismatch, then the cell is left out', 'unexpected']]])
    const said = (title: string): string => at(specs, title).results.at(-1)!.errors.map(({ message }) => message).join('\n')
    expect(said('a mismatch, then parity')).toMatch(/retry_hides_verdict: chromium\.window\/timer\.cancel\.before_fire had two verdicts: semantic_mismatch in the first try .*, then parity in retry 1/)
    expect(said('a mismatch, then the cell is left out')).toMatch(/had semantic_mismatch in the first try .* was not run again/)
    expect(at(specs, 'a mismatch, then parity').results[0]!.errors[0]!.message).toMatch(/Demanded: +parity\n.*Given: +semantic_mismatch in chromium\.window\.direct[\s\S]*law cancellation \(hard[\s\S]*Evidence: [\s\S]*Again: +npm run verify -- --subject \S+changing/)
  })

  test('T2 timer_surface: a retry heals a cell that was not run, and a failure that was not the cell\'s', async ({ kit }) => {
    const { ended, specs } = await project(kit, 'retries', '-g', 'not run|parity twice')
    expect([ended.code, statuses(specs)]).toEqual([0, [['not run, then parity', 'flaky'], ['parity twice, and a failure of the test own the first time', 'flaky']]])
    expect(at(specs, 'not run, then parity').results[0]!.errors[0]!.message).toMatch(/Given: +not_run .*\n.*tells nothing of what the subject does/)
  })
})
