// Mutation testing of what judges: `npm run mutation` sets up, runs this and writes docs/mutation.md.
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate: ['src/judge/**/*.ts', 'lanes/ladder.ts', 'src/evidence/canonical-json.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  tempDirName: '.cache/mutation/sandboxes',
  cleanTempDir: 'always',
  incremental: true,
  incrementalFile: '.cache/mutation/incremental.json',
  ignorePatterns: ['/.cache', '/dist', '/docs', '/bench', '/examples', '/schemas', '/subjects/reference/crate', '/lanecheck-evidence*', '/test-results', '/playwright-report', '/tests/lanes', '/tests/negative', '/tests/package'],
  reporters: ['json', 'clear-text', 'progress-append-only'],
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false },
  thresholds: { high: 95, low: 90, break: 90 },
  // A loaded machine is slow; what loops is stopped by its number of turns first.
  timeoutMS: 30_000,
  timeoutFactor: 4,
  disableTypeChecks: true,
  warnings: { slow: false },
  allowEmpty: false,
}
