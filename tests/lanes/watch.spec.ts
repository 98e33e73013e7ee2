import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LedgerSchema, type Ledger } from '../../src/contract/verdict.js'
import { expect, test } from './support.js'

const SUBJECT = (ms: string): string => `export default {
  name: 'watched', version: '1.0.0', requires: ['timers'], host_roles: ['window'], bridge: false,
  start: async () => ({ timers: { set: (ms, fire) => setTimeout(fire, ${ms}), clear: (timer) => clearTimeout(timer) }, shutdown: async () => {} }),
}
`
const SCENARIO = (title: string): string => JSON.stringify({ id: 'watched.timer.waits', title, tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 2 }, { op: 'timer.wait', timer: 'a' }] }, expect: { timers: { a: { outcome: 'fired', fired: 1 } } } })
/** Longest that any one save may take to be answered; the limit is the test's, not what is measured. */
const SAID = { timeout: 60_000 }

test('T2 timer_surface: a watched subject is run again by each save that means something, by a kept engine; a broken one is waited for; all that was kept is sound', async ({ kit }) => {
  const [subject, out] = [join(kit.folder, 'subject.js'), join(kit.folder, 'watched')]
  writeFileSync(subject, SUBJECT('ms'))
  const scenario = join(kit.folder, 'waits.scenario.json')
  writeFileSync(scenario, SCENARIO('waits'))
  const log = join(kit.folder, 'log')
  mkdirSync(log)
  // Asked for before the shell has made it.
  writeFileSync(join(log, 'err'), '')
  const started = kit.start('sh', ['-c', `exec node dist/src/cli/main.js verify --watch --engine ${kit.engine} --role window --scenario 'timer.order.distinct' --scenario 'watched.*' --scenarios "${scenario}" --subject "${subject}" --out "${out}" --quiet 2>"${log}/err"`], {})
  const said = (): string => readFileSync(join(log, 'err'), 'utf8')
  const answered = (times: number): Promise<void> => expect.poll(() => said().split('waiting for a save').length - 1, { ...SAID, message: 'saves that were answered' }).toBe(times)
  const ledgerOf = (run: string): Ledger => LedgerSchema.parse(JSON.parse(readFileSync(join(out, run, 'ledger.json'), 'utf8')))
  await answered(1)
  // A burst is one save, and its last text counts.
  for (const ms of ['ms + 1', 'ms + 2', 'Math.max(0, 400 - ms)']) writeFileSync(subject, SUBJECT(ms))
  await answered(2)
  writeFileSync(subject, '!')
  await answered(3)
  appendFileSync(subject, '!')
  await answered(4)
  writeFileSync(subject, SUBJECT('ms'))
  await answered(5)
  // The artifact tells of its sources' lines, and of nothing else beside their code.
  writeFileSync(subject, `${SUBJECT('ms').trimEnd()} // nothing that it holds\n`)
  await answered(6)
  // Of the scenarios, only what says something else is run again.
  writeFileSync(scenario, SCENARIO('waits for two ticks'))
  await answered(7)
  // What is undone leaves the last run as it stands, its exit code too.
  writeFileSync(subject, '!')
  await answered(8)
  writeFileSync(subject, SUBJECT('ms'))
  await answered(9)
  started.signal('SIGINT')
  const { code } = await started.ended
  expect(said()).toContain('error subject_does_not_parse')
  expect(said()).toContain('the same artifact and scenarios as before: nothing to run')
  expect(readdirSync(out).sort()).toEqual(['001', '002', '003', '004'])
  expect(ledgerOf('004').verdicts.map(({ scenario_id, verdict }) => [scenario_id, verdict])).toEqual([['watched.timer.waits', 'parity']])
  expect(['001', '002', '003'].map((run) => ledgerOf(run).verdicts[0]?.verdict)).toEqual(['parity', 'semantic_mismatch', 'parity'])
  expect(code).toBe(0)
  for (const run of ['001', '002', '003', '004']) expect((await kit.lanecheck('audit', join(out, run))).code, run).toBe(0)
  const canaries = ['001', '003'].map((run) => JSON.parse(readFileSync(join(out, run, 'canaries', `${kit.engine}.1.json`), 'utf8')) as { canaries: unknown })
  expect(canaries[1]!.canaries, 'one session, kept').toEqual(canaries[0]!.canaries)
})
