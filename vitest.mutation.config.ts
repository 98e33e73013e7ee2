import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Most mutants fall to the first tests: those that judge the whole catalogue's traces come last. */
class CheapFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const dear = ({ moduleId }: TestSpecification): number => Number(moduleId.includes('/judge/lab/'))
    return Promise.resolve([...files].sort((one, other) => dear(one) - dear(other) || (one.moduleId < other.moduleId ? -1 : 1)))
  }
}

// What `npm run mutation` runs against every mutant: the tests of what is mutated, and no others.
export default defineConfig({
  test: {
    include: ['tests/unit/judge/**/*.test.ts', 'tests/unit/lanes/ladder.test.ts', 'tests/unit/evidence/canonical-json.test.ts', 'tests/golden/**/*.test.ts'],
    // Every run of a mutant loads its files anew; within one, nothing that a test leaves behind concerns another.
    isolate: false,
    sequence: { sequencer: CheapFirst },
    setupFiles: ['tests/unit/judge/lab/seed.ts'],
    globalSetup: ['tests/unit/judge/lab/provide.ts'],
    testTimeout: 30_000,
  },
})
