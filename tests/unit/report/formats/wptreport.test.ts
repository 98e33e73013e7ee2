import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { wptReport } from '../../../../src/report/formats/wptreport.js'
import { tokenIn } from '../../judge/verdicts.js'
import { inputOf, oneOfEach } from './support.js'

/** What wptrunner's formatter writes and its readers take, as its documentation has it. */
const SUBTEST = { enum: ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ASSERT', 'PRECONDITION_FAILED', 'NOTRUN', 'SKIP'] }
const SCHEMA = {
  type: 'object', required: ['run_info', 'time_start', 'time_end', 'results'], additionalProperties: false,
  properties: {
    run_info: { type: 'object', required: ['product', 'browser_version', 'os', 'revision'] },
    time_start: { type: 'integer' }, time_end: { type: 'integer' },
    results: {
      type: 'array', items: {
        type: 'object', required: ['test', 'status', 'message', 'subtests'], additionalProperties: false,
        properties: {
          test: { type: 'string', pattern: '^/' }, status: { enum: ['PASS', 'FAIL', 'OK', 'ERROR', 'TIMEOUT', 'CRASH', 'ASSERT', 'PRECONDITION_FAILED', 'SKIP'] }, message: { type: ['string', 'null'] },
          subtests: {
            type: 'array', items: {
              type: 'object', required: ['name', 'status', 'message'], additionalProperties: false,
              properties: { name: { type: 'string' }, status: SUBTEST, expected: SUBTEST, message: { type: ['string', 'null'] } },
            },
          },
        },
      },
    },
  },
}
const validate = new Ajv({ allowUnionTypes: true }).compile(SCHEMA)

describe('T1: wptreport', () => {
  it('every verdict fits the format, and only parity is a PASS', () => {
    for (const engine of ['firefox', 'chromium'] as const) {
      const report = wptReport(inputOf(oneOfEach), engine)
      expect(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors)).toBe(true)
      const passed = report.results.filter(({ subtests }) => subtests.some(({ status }) => status === 'PASS')).map(({ test }) => test)
      const parity = oneOfEach.filter((verdict) => verdict.engine === engine && verdict.verdict === 'parity').map(({ scenario_id }) => `/lanecheck/${scenario_id}`)
      expect(passed).toEqual(parity)
    }
  })

  it('holds one engine\'s cells only: a test for a scenario, a subtest for a lane', () => {
    const cells = [tokenIn('parity', 'firefox', 'window', 'timer.a.a'), tokenIn('parity', 'firefox', 'dedicated_worker', 'timer.a.a'), tokenIn('parity', 'chromium', 'window', 'timer.a.a')]
    expect(wptReport(inputOf(cells), 'firefox').results).toEqual([{
      test: '/lanecheck/timer.a.a', status: 'OK', message: null,
      subtests: [{ name: 'firefox.window.direct', status: 'PASS', message: null }, { name: 'firefox.dedicated_worker.direct', status: 'PASS', message: null }],
    }])
  })

  it('says what was expected only where something else came', () => {
    const [result] = wptReport(inputOf([tokenIn('semantic_mismatch', 'firefox')]), 'firefox').results
    expect(result!.subtests[0]).toMatchObject({ status: 'FAIL', expected: 'PASS' })
  })
})
