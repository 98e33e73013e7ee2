import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InitReportSchema } from '../../src/init/record.js'
import { pageSteps } from '../unit/docs/page-steps.js'
import { expect, ledgerOf, ROOT, test } from './support.js'
import { deskIn, take } from './typed.js'

const TIMER = `id: alarms.timer.rings
title: An alarm rings
tasks:
  main:
    - { op: timer.set, timer: alarm, after_ticks: 3 }
    - { op: timer.wait, timer: alarm }
expect:
  timers:
    alarm: { outcome: fired, fired: 1 }
`

test('T2 timer_surface: init and one command more give a verdict on a package, and on scenarios of its own', async ({ kit }) => {
  const desk = deskIn(kit, 'alarms')
  // A folder as a maintainer has it, without this package in it.
  const folder = join(desk.folder, 'crate')
  cpSync(join(ROOT, 'examples/wasm-pack-crate/pkg'), join(folder, 'pkg'), { recursive: true })
  const begun = await desk.type('cd crate && npx lanecheck init --yes --json')
  expect(begun.code, begun.stderr).toBe(0)
  const report = InitReportSchema.parse(JSON.parse(begun.stdout))
  expect(report.starts).toEqual({ ok: true, says: 'alarms.start.shut_down completed in the lab' })
  writeFileSync(join(folder, 'lanes/rings.scenario.yaml'), TIMER)
  // Subject, scenarios, expectations and output folder come from the config.
  const ended = await desk.type(`cd crate && npx lanecheck verify --engine ${kit.engine} --role window --scenario 'alarms.*' --json --quiet`)
  const { verdicts } = ledgerOf(ended)
  expect(verdicts.map(({ lane_id, scenario_id, verdict }) => `${lane_id} ${scenario_id} ${verdict}`)).toEqual([
    `${kit.engine}.window.direct alarms.timer.rings unsupported`, `${kit.engine}.window.direct alarms.start.shut_down parity`,
  ])
  expect(verdicts[0]!.reason).toContain('the subject has no timers')
  expect(ended.code).toBe(0)
  const audited = await desk.type('cd crate && npx lanecheck audit lanecheck-evidence')
  expect(audited.code, audited.stdout).toBe(0)
})

const PAGE = 'docs/your-package.md'
test(`T2 timer_surface: every command of ${PAGE} runs as it stands, on a published package`, async ({ kit }) => {
  test.skip(kit.engine !== 'chromium', 'the page is told of one engine')
  test.setTimeout(4 * 60_000)
  const desk = deskIn(kit)
  const folder = join(desk.folder, 'chat')
  mkdirSync(join(folder, 'node_modules/@matrix-org'), { recursive: true })
  for (const name of ['@matrix-org/matrix-sdk-crypto-wasm', 'ywasm']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
  const steps = pageSteps(PAGE)
  expect(steps.length).toBeGreaterThan(6)
  for (const step of steps) await take({ folder, type: (line) => desk.type(`cd chat && ${line}`) }, step, (text) => text, new Map())
})
