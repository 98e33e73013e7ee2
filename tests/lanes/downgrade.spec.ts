import { join } from 'node:path'
import { DowngradeReportSchema, type DowngradeReport } from '../../src/contract/downgrade-report.js'
import { expect, test, type Ended } from './support.js'

const reportOf = ({ code, stdout, stderr }: Ended): DowngradeReport => {
  expect(stdout, `a report on standard output; exit code ${code}, and on standard error: ${stderr.slice(0, 2000)}`).toMatch(/^\{/)
  return DowngradeReportSchema.parse(JSON.parse(stdout))
}
const told = ({ rows }: DowngradeReport): string[] => rows.map(({ trial, host_role, outcome, given, differences }) =>
  `${trial} ${host_role} ${outcome} ${given?.support_class ?? 'none'} ${given?.carrier ?? 'none'}${outcome === 'ok' ? '' : ` ${JSON.stringify(differences)}`}`)

/** The control, one capability that is needed, two at once, and one that is not needed. */
const SUBSET = ['control.nothing_taken', 'taken.webassembly', 'combined.webassembly.websocket', 'taken.worker']
const choice = ['--role', 'window,dedicated_worker', ...SUBSET.flatMap((id) => ['--only', id])]

test('T3 browser_surface: lanecheck downgrade: downgraded when it must be, for the stated cause and by the stated carrier, and only then', async ({ kit }) => {
  const out = join(kit.folder, 'downgrades')
  const report = reportOf(await kit.lanecheck('downgrade', '--engine', kit.engine, ...choice, '--out', out, '--json', '--quiet'))
  const each = (line: (role: string) => string): string[] => ['window', 'dedicated_worker'].map(line)
  expect(told(report)).toEqual([
    ...each((role) => `control.nothing_taken ${role} ok direct none`),
    ...each((role) => `taken.webassembly ${role} ok bridge_only websocket`),
    ...each((role) => `taken.worker ${role} ok direct none`),
    ...each((role) => `combined.webassembly.websocket ${role} ok bridge_only fetch_streaming`),
  ])
  expect(report).toMatchObject({ exit_code: 0, interrupted: false })
  const audited = await kit.lanecheck('audit', out)
  expect(audited.code, audited.stdout).toBe(0)
  const drawn = await kit.lanecheck('downgrade', 'diagram', join(out, 'bundles', `${kit.engine}.window.bridge`, 'downgrade.taken.webassembly.echo'))
  expect(drawn.stdout).toContain('the two logs agree')
})

test('T4 browser_surface: realms that lack more than the trial took → different, exit 1, in the control and where nothing was needed', async ({ kit }) => {
  const planted = JSON.stringify({ engine: kit.engine, roles: ['dedicated_worker'], only: ['control.nothing_taken', 'taken.worker', 'taken.webassembly'], out: join(kit.folder, 'planted'), take_away: ['WebSocket'] })
  const ended = await kit.start(process.execPath, [join('tests', 'negative', 'planted-downgrade.mjs'), planted]).ended
  const report = reportOf(ended)
  expect(report.exit_code).toBe(1)
  expect(report.rows.map(({ trial, outcome, differences }) => [trial, outcome, differences[0]?.field])).toEqual([
    ['control.nothing_taken', 'different', 'support_class'], ['taken.webassembly', 'different', 'carrier of downgrade.taken.webassembly.timers'], ['taken.worker', 'different', 'support_class'],
  ])
})
