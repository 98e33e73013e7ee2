import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuditReportSchema } from '../../src/audit/findings.js'
import { readLedger } from '../../src/evidence/ledger-file.js'
import { expect, scenarios, test } from './support.js'

const PLAN = ['--role', 'window', '--subject', 'native', ...scenarios(['timer.order.*', 'timer.cancel.*'])]

test('T2 timer_surface: shards of a plan, one of them cut off and resumed, are merged to a run that audits clean', async ({ kit }) => {
  test.skip(kit.engine !== 'chromium', 'shards are the same in every engine')
  const shard = (index: number, ...more: string[]) => kit.verify(...PLAN, '--engine', kit.engine, '--shard', `${index}/2`, ...more)
  const [one, two] = [await shard(1), await shard(2)]
  expect([one.code, two.code], one.stderr + two.stderr).toEqual([0, 0])
  expect(one.ledger.run.run_id).toBe(two.ledger.run.run_id)

  const alone = await kit.lanecheck('merge', one.out, '--out', join(kit.folder, 'alone'))
  expect([alone.code, alone.stderr]).toEqual([3, expect.stringContaining('missing: 2/2') as unknown])

  // As a kill leaves a folder: neither index nor ledger, the last line cut short.
  const cut = join(kit.folder, 'cut')
  cpSync(two.out, cut, { recursive: true })
  for (const name of ['evidence.json', 'ledger.json', 'tiers.json']) rmSync(join(cut, name))
  const lines = readFileSync(join(cut, 'ledger.ndjson'), 'utf8')
  writeFileSync(join(cut, 'ledger.ndjson'), lines.slice(0, lines.trimEnd().lastIndexOf('\n') + 40))
  const other = await kit.lanecheck('verify', ...PLAN, '--engine', kit.engine, '--shard', '1/2', '--resume', cut)
  expect([other.code, other.stderr]).toEqual([64, expect.stringContaining('holds shard 2/2, not shard 1/2') as unknown])
  const resumed = await kit.lanecheck('verify', ...PLAN, '--engine', kit.engine, '--shard', '2/2', '--resume', cut, '--quiet')
  expect(resumed.code, resumed.stderr).toBe(0)
  expect(readLedger(cut).verdicts.slice(0, -1)).toEqual(two.ledger.verdicts.slice(0, -1))

  const merged = join(kit.folder, 'merged')
  const said = await kit.lanecheck('merge', one.out, cut, '--out', merged)
  expect(said.code, said.stderr).toBe(0)
  const audited = AuditReportSchema.parse(JSON.parse((await kit.lanecheck('audit', merged, '--json')).stdout))
  const cells = one.ledger.verdicts.length + two.ledger.verdicts.length
  expect(audited).toMatchObject({ findings: [], cells: { planned: cells, judged: cells, derived: cells } })
  expect(readLedger(merged).sums.all).toMatchObject({ parity: cells })
})
