import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readLedger, readLedgerLines, readPlan } from '../../src/evidence/ledger-file.js'
import { stillAlive, survivors } from './processes.js'
import { expect, ledgerOf, test, type Started } from './support.js'

const LINES_BEFORE = 6
const START_LIMIT_MS = 40_000
const END_LIMIT_MS = 15_000
const MAIN = join('dist', 'src', 'cli', 'main.js')

test('T2 timer_surface: a run cut off by SIGINT keeps what it had, leaves nothing running and is completed by --resume', async ({ kit }) => {
  const out = join(kit.folder, 'evidence')
  const args = [MAIN, 'verify', '--engine', kit.engine, '--role', 'window,dedicated_worker', '--subject', 'native', '--scenario', 'timer.*', '--frames', '1', '--quiet', '--json', '--out', out]
  const run = kit.start(process.execPath, args)
  await linesIn(out, LINES_BEFORE, run)
  const seen = run.processes()
  if (kit.engine === 'webkit') expect(seen.map(({ name }) => name)).toContain('Xvfb')
  expect(seen.length).toBeGreaterThan(2)

  run.signal('SIGINT')
  const code = await Promise.race([run.ended.then((ended) => ended.code), sleep(END_LIMIT_MS, 'did not end in time')])
  expect(code).toBe(3)
  expect(await survivors(() => stillAlive(seen), 3_000)).toEqual([])

  const plan = readPlan(out)
  const cut = readLedger(out)
  expect(cut.run.interrupted).toBe(true)
  expect(cut.verdicts.map(({ cell_id }) => cell_id)).toEqual(plan.cells.map(({ cell_id }) => cell_id))
  const lost = cut.verdicts.filter(({ verdict }) => verdict === 'not_run' || verdict === 'infrastructure_loss')
  const judged = cut.verdicts.filter((verdict) => !lost.includes(verdict))
  expect(lost.length).toBeGreaterThan(10)
  expect(judged.length).toBeGreaterThanOrEqual(LINES_BEFORE)
  expect(new Set(judged.map(({ verdict }) => verdict))).toEqual(new Set(['parity']))
  expect(ledgerOf(await run.ended)).toEqual(cut)

  const { code: resumedCode, stdout, stderr } = await kit.start(process.execPath, [...args, '--resume']).ended
  expect(resumedCode, stderr).toBe(0)
  const whole = ledgerOf({ code: resumedCode, stdout, stderr })
  expect(whole.run).toMatchObject({ run_id: cut.run.run_id, interrupted: false })
  expect(whole.sums.all).toMatchObject({ parity: plan.cells.length })
  // What stood was not run again.
  for (const verdict of judged) expect(whole.verdicts).toContainEqual(verdict)
  const appended = readFileSync(join(out, 'ledger.ndjson'), 'utf8').trimEnd().split('\n').length
  expect(appended).toBe(cut.verdicts.length + lost.length)
})

async function linesIn(out: string, count: number, run: Started): Promise<void> {
  for (const end = Date.now() + START_LIMIT_MS; Date.now() < end; await sleep(50)) {
    if (!run.running()) throw new Error(`the run ended by itself: ${(await run.ended).stderr}`)
    if (existsSync(join(out, 'ledger.ndjson')) && readLedgerLines(out).length >= count) return
  }
  throw new Error(`no ${count} verdicts within ${START_LIMIT_MS} ms`)
}
