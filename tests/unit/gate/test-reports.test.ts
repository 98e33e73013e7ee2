import { describe, expect, test } from 'vitest'
import { playwrightTests, servedBy, tested, vitestTests } from '../../../src/gate/test-reports.js'

describe('T0 timer_surface, virtual_transport_surface, http_surface, browser_surface: tiers and rows of test titles', () => {
  test.each<[string[], string[], string[]]>([
    [['T0 timer_surface: a thing'], ['T0'], ['timer_surface']],
    [['T0 timer_surface virtual_transport_surface: a thing'], ['T0'], ['timer_surface', 'virtual_transport_surface']],
    [['T2, T3 timer_surface, http_surface: a thing', 'and more'], ['T2', 'T3'], ['timer_surface', 'http_surface']],
    [['T0 sums', 'counts'], ['T0'], []],
    [['T2 dual_run_scripts', 'timer_surface: npx lanecheck verify'], ['T2'], ['timer_surface']],
    [['T0 the checklist', 'a floor that asks for T5 has no T5 by silence'], ['T0'], []],
    [['T0 sums', 'T4 timer_surface: a planted one'], ['T4'], ['timer_surface']],
    [['a thing of timer_surface: T0'], [], []],
    [['T6 timer_surface'], [], []],
    [['T0: timer_surface'], ['T0'], []],
    [[''], [], []],
  ])('%j serves %j, %j', (titles, tiers, rows) => expect(servedBy(titles)).toEqual({ tiers, rows }))

  const vitest = (status: string, assertionResults: unknown[]): unknown => ({ testResults: [{ name: '/r/tests/unit/a.test.ts', status, assertionResults }] })
  const one = (title: string, status: string): unknown => ({ ancestorTitles: ['T0 timer_surface: x'], title, status })
  test('a report by Vitest', () => {
    expect(tested(vitestTests(vitest('failed', [one('a', 'passed'), one('b', 'failed'), one('c', 'pending'), one('d', 'todo')]), '/r'))).toEqual([
      { tier: 'T0', surface_family: 'timer_surface', engine: null, file: 'tests/unit/a.test.ts', passed: 1, failed: 1, skipped: 2 },
    ])
  })
  test('a file that could not be run at all is a failed test of no tier', () => {
    expect(tested(vitestTests(vitest('failed', []), '/r'))).toEqual([{ tier: null, surface_family: null, engine: null, file: 'tests/unit/a.test.ts', passed: 0, failed: 1, skipped: 0 }])
  })
  test('a report by Playwright: a project is an engine, a flaky test has failed, an error outside of tests too', () => {
    const spec = (title: string, ...statuses: string[]): unknown => ({ title, file: 'lanes/a.spec.ts', tests: statuses.map((status, index) => ({ projectName: ['chromium', 'firefox'][index], status })) })
    const inner = { title: 'T4 http_surface', file: 'lanes/a.spec.ts', specs: [spec('within', 'skipped')] }
    const report = { config: { rootDir: '/r/tests' }, errors: [{}], suites: [{ title: 'lanes/a.spec.ts', file: 'lanes/a.spec.ts', specs: [spec('T2 timer_surface, http_surface: y', 'expected', 'flaky')], suites: [inner] }] }
    expect(tested(playwrightTests(report, '/r'))).toEqual([
      { tier: null, surface_family: null, engine: null, file: 'playwright.config.ts', passed: 0, failed: 1, skipped: 0 },
      ...['http_surface', 'timer_surface'].flatMap((surface_family) => [
        { tier: 'T2', surface_family, engine: 'chromium', file: 'tests/lanes/a.spec.ts', passed: 1, failed: 0, skipped: 0 },
        { tier: 'T2', surface_family, engine: 'firefox', file: 'tests/lanes/a.spec.ts', passed: 0, failed: 1, skipped: 0 },
      ]),
      { tier: 'T4', surface_family: 'http_surface', engine: 'chromium', file: 'tests/lanes/a.spec.ts', passed: 0, failed: 0, skipped: 1 },
    ])
  })
  test('another report is refused', () => {
    for (const report of [{}, [], { testResults: [{ name: 1 }] }]) expect(() => vitestTests(report, '/r')).toThrow()
    for (const report of [{}, { config: { rootDir: '' }, suites: [{}], errors: [] }]) expect(() => playwrightTests(report, '/r')).toThrow()
  })
})
