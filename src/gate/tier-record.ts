import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TierRecordSchema, type TierRecord } from '../contract/tiers.js'
import { sha256Hex } from '../evidence/digest.js'
import { packageVersion } from '../package-root.js'
import { ROW_TESTS } from '../report/row-tests.js'
import { kitDigest } from './kit-digest.js'
import { playwrightTests, tested, vitestTests } from './test-reports.js'

/** Reports of the two runners, as their `json` reporters wrote them; `root` is the repository's. */
export interface RunnersReports { root: string; vitest?: unknown; playwright?: readonly unknown[]; selected: boolean }

/** What a run of the kit's own tests met, with a digest of each test file and of each fixture that a row names. */
export function tierRecord({ root, vitest, playwright = [], selected }: RunnersReports): TierRecord {
  const tests = tested([...(vitest === undefined ? [] : vitestTests(vitest, root)), ...playwright.flatMap((report) => playwrightTests(report, root))])
  const fixtures = Object.values(ROW_TESTS).flatMap(({ golden_fixtures }) => Object.values(golden_fixtures).flat())
  const files = [...new Set([...tests.map(({ file }) => file), ...fixtures])].sort().filter((file) => existsSync(join(root, file)))
  return TierRecordSchema.parse({
    schema: 'lanecheck.tier-record.v1', lanecheck_version: packageVersion(), kit_sha256: kitDigest(), selected, tests,
    files: Object.fromEntries(files.map((file) => [file, sha256Hex(readFileSync(join(root, file)))])),
  } satisfies TierRecord)
}
