import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readLedger } from '../../src/evidence/ledger-file.js'
import { expect, scenarios, test, verdictOf } from './support.js'

test('T2 timer_surface: the repro_command of a cell, pasted into a shell, runs that cell again and gives the same verdict', async ({ kit }) => {
  const subject = 'subjects/planted/broken-live.ts'
  const { ledger } = await kit.verify('--role', 'dedicated_worker', '--subject', subject, '--seed', '7', ...scenarios(['timer.order.equal', 'timer.order.distinct']))
  const { cell_id, lane_id, verdict, eligibility_verdict, rerun_decision, reason, findings, repro_command } = verdictOf(ledger, 'dedicated_worker', 'timer.order.equal')
  expect(repro_command).toMatch(/^npm run verify -- /)

  // `mktemp -d` makes its folder here, so that the evidence is found again.
  const tmp = join(kit.folder, 'tmp')
  mkdirSync(tmp)
  const { code, stderr } = await kit.start('sh', ['-c', repro_command], { TMPDIR: tmp }).ended
  expect(code, stderr).toBe(1)
  const [out, ...more] = readdirSync(tmp).filter((name) => name.startsWith('tmp.'))
  expect(more).toEqual([])
  const again = readLedger(join(tmp, out!))
  expect(again.run.seed).toBe(7)
  expect(again.verdicts).toHaveLength(1)
  expect(again.verdicts[0]).toMatchObject({ cell_id, lane_id, verdict, eligibility_verdict, rerun_decision, reason, findings, repro_command })
})
