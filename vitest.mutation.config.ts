import { defineConfig } from 'vitest/config'

// What `npm run mutation` runs against every mutant: the tests of what is mutated, and no others.
export default defineConfig({
  test: {
    include: ['tests/unit/judge/**/*.test.ts', 'tests/unit/lanes/ladder.test.ts', 'tests/unit/evidence/canonical-json.test.ts', 'tests/golden/**/*.test.ts'],
    globalSetup: ['tests/unit/judge/lab/provide.ts'],
    testTimeout: 30_000,
  },
})
