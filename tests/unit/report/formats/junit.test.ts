import { parse } from 'junit2json'
import { describe, expect, it } from 'vitest'
import { junitReport } from '../../../../src/report/formats/junit.js'
import { tokenIn } from '../../judge/verdicts.js'
import { expecting, inputOf, NASTY, oneOfEach } from './support.js'

const suitesOf = async (text: string): Promise<{ testsuite: Array<{ name: string; tests: number; failures: number; errors: number; skipped: number; testcase: Array<{ name: string; classname: string; failure?: unknown[]; error?: unknown[]; skipped?: unknown[] }> }>; tests: number; failures: number; errors: number }> =>
  await parse(text) as never

const outcomes = async (text: string): Promise<Record<string, string>> => Object.fromEntries((await suitesOf(text)).testsuite.flatMap(({ testcase }) =>
  testcase.map((one) => [one.name, one.failure ? 'failed' : one.error ? 'error' : one.skipped ? 'skipped' : 'passed'])))

describe('T1: JUnit XML, read by an independent parser', () => {
  it('only parity passes; a downgrade, a refusal and an expected difference are skipped, never passed', async () => {
    const expected = tokenIn('semantic_mismatch', 'firefox', 'window', 'timer.known.here')
    const cells = [tokenIn('parity', 'firefox', 'window', 'timer.a.a'), tokenIn('bridge_only', 'firefox', 'window', 'timer.a.b'), tokenIn('unsupported', 'firefox', 'window', 'timer.a.c'), expected]
    expect(await outcomes(junitReport(inputOf(cells, { expectedOf: expecting(expected) })))).toEqual({ 'timer.a.a': 'passed', 'timer.a.b': 'skipped', 'timer.a.c': 'skipped', 'timer.known.here': 'skipped' })
  })

  it('a mismatch fails; a weak, lost or missing cell is an error', async () => {
    const found = await outcomes(junitReport(inputOf(oneOfEach)))
    const of = (token: string): string | undefined => found[oneOfEach.find(({ verdict }) => verdict === token)!.scenario_id]
    expect(['semantic_mismatch', 'bridge_mismatch', 'policy_violation'].map(of)).toEqual(['failed', 'failed', 'failed'])
    expect(['invalid_experiment', 'irreproducible', 'infrastructure_loss', 'not_run'].map(of)).toEqual(['error', 'error', 'error', 'error'])
  })

  it('a cell that did better than expected is no pass either', async () => {
    const better = tokenIn('parity', 'firefox', 'window', 'timer.a.a')
    const expectedOf = (): ReturnType<ReturnType<typeof expecting>> => ({ lane: '*', scenario: '*', verdict: 'semantic_mismatch', reason: 'old' })
    expect(await outcomes(junitReport(inputOf([better], { expectedOf })))).toEqual({ 'timer.a.a': 'failed' })
  })

  it('counts add up, per suite and in all', async () => {
    const { testsuite, tests, failures, errors } = await suitesOf(junitReport(inputOf(oneOfEach)))
    for (const suite of testsuite) {
      expect(suite.tests).toBe(suite.testcase.length)
      expect(suite.failures).toBe(suite.testcase.filter(({ failure }) => failure).length)
      expect(suite.errors).toBe(suite.testcase.filter(({ error }) => error).length)
      expect(suite.skipped).toBe(suite.testcase.filter(({ skipped }) => skipped).length)
    }
    expect(tests).toBe(oneOfEach.length)
    expect(failures).toBe(testsuite.reduce((sum, suite) => sum + suite.failures, 0))
    expect(errors).toBe(testsuite.reduce((sum, suite) => sum + suite.errors, 0))
  })

  it('text that XML cannot hold is escaped, all else comes through', async () => {
    const text = junitReport(inputOf(oneOfEach))
    expect(text).not.toContain('\u0001')
    const { testsuite } = await suitesOf(text)
    const failure = testsuite.flatMap(({ testcase }) => testcase).find(({ failure: found }) => found)!.failure![0] as { inner: string }
    expect(failure.inner).toContain(NASTY.replace('\u0001', '\\u0001').replace('\ud800', '\\ud800'))
    const input = inputOf(oneOfEach)
    const { run } = input.ledger
    const named = junitReport({ ...input, ledger: { ...input.ledger, run: { ...run, subject: { ...run.subject, name: 'a\u0000b', version: '1\u001b[2J' } } } })
    expect((await suitesOf(named) as unknown as { name: string }).name).toBe('lanecheck a\\u0000b 1\\u001b[2J')
  })
})
