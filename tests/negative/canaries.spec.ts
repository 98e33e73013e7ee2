import { join } from 'node:path'
import { audit } from '../../src/audit/audit.js'
import { CANARIES, CanaryRecordSchema, type CanaryRecord } from '../../src/contract/canary.js'
import type { Ledger } from '../../src/contract/verdict.js'
import type { Engine } from '../../src/contract/vocabulary.js'
import { PLANTS, UNPLANTED } from '../../src/canary/plants.js'
import { canaryPath } from '../../src/evidence/canary-file.js'
import { readRecord } from '../../src/evidence/ledger-file.js'
import { exitCode } from '../../src/judge/exit-code.js'
import { silentProgress } from '../../src/report/progress.js'
import { verify, type VerifyOptions } from '../../src/run/verify.js'
import { expect, test } from '../lanes/support.js'

const CELL = 'timer.order.distinct'
const run = (engine: Engine, out: string, canaries: VerifyOptions['canaries']): Promise<Ledger> => verify({
  engines: [engine], roles: ['window', 'shared_worker'], scenarios: [CELL], cell: null, subject: 'reference', seed: 1, out, out_is_default: false, resume: false, frames: 1, max_attempts: 3,
  signal: new AbortController().signal, progress: silentProgress, ...(canaries === undefined ? {} : { canaries }),
})
const kept = (out: string, engine: Engine, session: number): CanaryRecord => readRecord(join(out, canaryPath(engine, session)), CanaryRecordSchema)

for (const canary of CANARIES) {
  test(`T4 browser_surface: the canary ${canary} goes bad → no verdicts from that session, nor from another one`, async ({ kit }) => {
    const out = join(kit.folder, canary)
    const { verdicts } = await run(kit.engine, out, { ...PLANTS, [canary]: UNPLANTED[canary] })
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ verdict: 'infrastructure_loss', eligibility_verdict: 'insufficient_observability', reason: expect.stringMatching(new RegExp(`^canary_failed: session 2, canary ${canary}: `)) })
    }
    expect(verdicts).toHaveLength(2)
    expect(exitCode(verdicts)).toBe(3)
    for (const session of [1, 2]) {
      const record = kept(out, kit.engine, session)
      expect(record.canaries.filter(({ good }) => !good).map((one) => one.canary)).toEqual([canary])
      expect(record.good).toBe(false)
    }
    expect(audit(out).findings).toEqual([])
  })
}

test('T4 browser_surface: good canaries are kept, and every attempt names their session', async ({ kit }) => {
  const out = join(kit.folder, 'good')
  const { verdicts } = await run(kit.engine, out, undefined)
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['parity', 'bridge_only'])
  expect(kept(out, kit.engine, 1)).toMatchObject({ good: true, session: 1, engine: kit.engine })
  expect(audit(out)).toMatchObject({ findings: [], exit_code: 0 })
})
