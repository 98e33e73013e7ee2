import type { Met, Missing, Proof } from '../contract/gate.js'
import type { TierRecord, Tested } from '../contract/tiers.js'
import type { Engine, SurfaceFamily } from '../contract/vocabulary.js'
import type { GateInput, NamedRecord, RowDuties } from './input.js'

/** Tiers that only tests can show. */
export const TEST_TIERS = ['T0', 'T1', 'T4', 'T5'] as const
export type TestTier = (typeof TEST_TIERS)[number]

interface Asked { tier: TestTier; row: SurfaceFamily; engine: Engine }

/**
 * Whether the records of the kit's own tests show a tier for a row in an engine. What must be there: every file that the row's duties name,
 * with passed tests of the tier; a passed test that names the row; for T4 and T5 one in the lane's own engine. A failed or skipped test of the
 * tier undoes it; so does a failed one that names no tier or no row.
 */
export function testTier(asked: Asked, { records, kit, duties }: Pick<GateInput, 'records' | 'kit' | 'duties'>): Met | Missing[] {
  const { tier, row, engine } = asked
  const none = (why: string): Missing => ({ what: tier, why, answer: 'blocked_missing_verification', run: COMMANDS[tier] })
  const [own, foreign] = split(records, ({ record }) => record.kit_sha256 === kit.kit_sha256 && record.lanecheck_version === kit.lanecheck_version)
  const whole = own.filter(({ record }) => !record.selected)
  const heard = (tests: readonly Tested[]): Tested[] => tests.filter((test) => test.engine === null || test.engine === engine)
  const told = heard(own.flatMap(({ record }) => record.tests))
  const proofs = heard(whole.flatMap(({ record }) => record.tests)).filter((test) => test.tier === tier && (test.surface_family === row || test.surface_family === null))
  const wanted = dutyOf(tier, duties[row])
  const why = [
    ...(whole.length === 0 ? [foreign.length > 0 ? `no record of this kit's tests: ${names(foreign)} is of another build of it` : own.length > 0 ? `${names(own)} is of selected tests only` : 'no record of this kit\'s tests was named'] : []),
    ...told.filter((test) => test.failed > 0 && (test.tier ?? tier) === tier && (test.surface_family ?? row) === row).map((test) => `${test.failed} failed in ${test.file}${place(test)}`),
    ...(whole.length === 0 ? [] : [
      ...wanted.unnamed,
      ...wanted.files.filter((file) => !isShown(file, tier, whole, proofs)).map((file) => `${file} has no passed ${tier} test${isSpec(file) ? ` in ${engine}` : ''}`),
      ...proofs.filter((test) => test.skipped > 0).map((test) => `${test.skipped} skipped in ${test.file}${place(test)}`),
      ...(proofs.some((test) => test.passed > 0 && test.surface_family === row && (!isLive(tier) || test.engine === engine)) ? [] : [`no passed ${tier} test names ${row}${isLive(tier) ? ` and ran in ${engine}` : ''}`]),
    ]),
  ]
  if (why.length > 0) return why.map(none)
  const files = [...new Set([...wanted.files, ...proofs.filter(({ passed }) => passed > 0).map(({ file }) => file)])].sort()
  return { what: tier, evidence: [...whole.map(({ path, sha256 }) => ({ path, sha256 })), ...files.flatMap((path) => stamp(path, whole))] }
}

/** T4 and T5 are of real engines: what a lane has of them was shown in its own. */
const isLive = (tier: TestTier): boolean => tier === 'T4' || tier === 'T5'
const isSpec = (file: string): boolean => file.endsWith('.spec.ts')
const isTest = (file: string): boolean => /\.(?:test|spec)\.ts$/.test(file)
const names = (records: readonly NamedRecord[]): string => records.map(({ path }) => path).join(', ')
const place = ({ engine }: Tested): string => (engine === null ? '' : ` (${engine})`)
const COMMANDS: Record<TestTier, string> = { T0: 'npm test', T1: 'npm test', T4: 'npm test', T5: 'npm test' }

/** The files that must show a tier; what the row asks for and no file holds is told in words. */
function dutyOf(tier: TestTier, duties: RowDuties): { files: string[]; unnamed: string[] } {
  const asked: Readonly<Record<string, readonly string[]>> =
    tier === 'T0' ? duties.unit_checks : tier === 'T1' ? duties.golden_fixtures : { [tier === 'T4' ? 'negative control' : 'stress']: tier === 'T4' ? duties.negative_controls : duties.stress }
  const unnamed = Object.entries(asked).filter(([, files]) => files.length === 0).map(([name]) => `no file of this kit holds the row's ${name}`)
  return { files: [...new Set(Object.values(asked).flat())].sort(), unnamed }
}

/** A test file is shown by its passed tests of the tier; a fixture by its digest, for the tests that read it are asked for by row. */
function isShown(file: string, tier: TestTier, whole: readonly NamedRecord[], proofs: readonly Tested[]): boolean {
  const kept = stamp(file, whole).length > 0
  if (!isTest(file)) return kept
  return kept && proofs.some((test) => test.file === file && test.tier === tier && test.passed > 0)
}

function stamp(path: string, records: readonly NamedRecord[]): Proof[] {
  const digests = new Set(records.flatMap(({ record }) => digestOf(record, path)))
  return [...digests].map((sha256) => ({ path, sha256 }))
}
const digestOf = ({ files }: TierRecord, path: string): string[] => (Object.hasOwn(files, path) ? [files[path]!] : [])

function split<Value>(values: readonly Value[], test: (value: Value) => boolean): [Value[], Value[]] {
  return [values.filter(test), values.filter((value) => !test(value))]
}
