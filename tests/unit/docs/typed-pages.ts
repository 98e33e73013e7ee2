/** Pages that are typed in a place of their own, in each engine. */
export const ENGINE_PAGES = ['docs/from-verdict-to-evidence.md']

/** Pages that are typed in one place, in this order: a later one may use what an earlier one left. */
export const EVIDENCE_PAGES = ['docs/tutorials/ci-matrix.md', 'docs/tutorials/doc-author.md', 'docs/tutorials/maintainer.md', 'docs/evidence.md', 'docs/gate.md', 'docs/report.md', 'docs/history.md', 'docs/own-downgrade.md']

/** Pages whose commands need more time or another machine than a test of the page has, and who runs them instead. */
export const TYPED_ELSEWHERE: Record<string, string> = {
  'docs/ci.md': 'tests/lanes/shards.spec.ts',
  'docs/downgrade.md': 'tests/lanes/downgrade.spec.ts and tests/unit/cli/downgrade.test.ts',
  'docs/expectations.md': 'tests/unit/config/review-expectations.test.ts',
  'docs/vite.md': 'tests/lanes/watch.spec.ts',
  'docs/your-package.md': 'tests/lanes/init.spec.ts',
  'docs/service-workers.md': 'tests/lanes/service-worker-ends.spec.ts',
}
