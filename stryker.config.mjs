// Mutation testing of what judges. `npm run mutation` runs this part by part, keeps to the floor itself and writes docs/mutation.md.
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  tempDirName: '.cache/mutation/sandboxes',
  cleanTempDir: 'always',
  incremental: true,
  ignorePatterns: ['/.cache', '/dist', '/docs', '/bench', '/examples', '/schemas', '/subjects/reference/crate', '/lanecheck-evidence*', '/test-results', '/playwright-report', '/tests/lanes', '/tests/negative', '/tests/package'],
  reporters: ['json', 'clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false },
  thresholds: { high: 95, low: 90, break: null },
  // A loaded machine is slow; what loops is stopped by its number of turns first.
  timeoutMS: 30_000,
  timeoutFactor: 4,
  disableTypeChecks: true,
  warnings: { slow: false },
  allowEmpty: false,
}
