import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DowngradeSchema, type Downgrade } from '../../src/contract/downgrade.js'
import { OwnServerRecordSchema, type OwnServerRecord } from '../../src/contract/own-downgrade.js'
import { expect, test, verdictOf, type Kit, type Verified } from './support.js'

const [TIMER, SOCKET] = ['timer.order.distinct', 'websocket.close.by_subject']
const EXAMPLE = 'examples/own-downgrade/subject.js'
const planted = (name: string): string => `tests/negative/own-downgrade/${name}.js`

const run = (kit: Kit, subject: string, roles: string, scenarios: string[], ...more: string[]): Promise<Verified> =>
  kit.verify('--subject', subject, '--role', roles, ...more, ...scenarios.flatMap((scenario) => ['--scenario', scenario]))
const ownServer = (out: string): OwnServerRecord => OwnServerRecordSchema.parse(JSON.parse(readFileSync(join(out, 'own-server.json'), 'utf8')))
const downgradeOf = (kit: Kit, out: string, scenario: string): Downgrade =>
  DowngradeSchema.parse(JSON.parse(readFileSync(join(out, 'bundles', `${kit.engine}.shared_worker.bridge`, scenario, 'downgrade.json'), 'utf8')))
async function audited(kit: Kit, out: string): Promise<void> {
  const { code, stdout } = await kit.lanecheck('audit', out)
  expect(code, stdout).toBe(0)
}

test('T2 browser_surface: a subject\'s own detection agrees with the probe, and its own server carries its bridge: parity at home, bridge_only elsewhere', async ({ kit }) => {
  const { ledger, out } = await run(kit, EXAMPLE, 'window,shared_worker', [TIMER, SOCKET])
  for (const scenario of [TIMER, SOCKET]) {
    const agreed = { findings: expect.arrayContaining([expect.objectContaining({ law: 'admission', severity: 'note', field: 'classify' })]) }
    expect(verdictOf(ledger, 'window', scenario)).toMatchObject({ verdict: 'parity', ...agreed })
    expect(verdictOf(ledger, 'shared_worker', scenario)).toMatchObject({ verdict: 'bridge_only', cause: { cause: 'subject_declines_host_role' }, ...agreed })
    const record = downgradeOf(kit, out, scenario)
    expect(record).toMatchObject({ complete: true, own_server: { kind: 'command' } })
    expect(record.attempts.at(-1)).toMatchObject({ carrier: 'websocket', ran: { realm: { own_events: 0 } } })
  }
  expect(ownServer(out)).toMatchObject({ ready: true, lost: null, ended: { how: 'stopped' } })
  await audited(kit, out)
})

test('T4 browser_surface: a subject that takes its host for another is no parity at home and no bridge_only elsewhere', async ({ kit }) => {
  const { ledger, out, code } = await run(kit, planted('takes-its-host-for-another'), 'window,shared_worker', [TIMER])
  expect(verdictOf(ledger, 'window', TIMER)).toMatchObject({ verdict: 'semantic_mismatch', reason: expect.stringContaining('says bridge_only, downgrade_to_server_bridge; the probe and the ladder say direct') })
  expect(verdictOf(ledger, 'shared_worker', TIMER)).toMatchObject({ verdict: 'bridge_mismatch', reason: expect.stringContaining('says direct, admitted_direct; the probe and the ladder say bridge_only') })
  expect(code).toBe(1)
  await audited(kit, out)
})

test('T4 browser_surface: a realm that says that it is bridged and does the work itself is refused', async ({ kit }) => {
  const { ledger, out } = await run(kit, planted('runs-in-the-realm'), 'shared_worker', [TIMER, SOCKET])
  for (const scenario of [TIMER, SOCKET]) {
    expect(verdictOf(ledger, 'shared_worker', scenario)).toMatchObject({ verdict: 'invalid_experiment', reason: expect.stringContaining('ran.realm.own_events') })
    expect(downgradeOf(kit, out, scenario).complete).toBe(false)
  }
  await audited(kit, out)
})

test('T4 browser_surface: a server that fires early is a bridge_mismatch; one that dies costs its own cells; one that never comes up leaves its lanes without a bridge', async ({ kit }) => {
  // One cell after the other, once each: the server dies in the second.
  const lying = await run(kit, planted('server-lies'), 'window,shared_worker', [TIMER, SOCKET], '--frames', '1', '--attempts', '1')
  expect(verdictOf(lying.ledger, 'shared_worker', TIMER)).toMatchObject({ verdict: 'bridge_mismatch' })
  expect(verdictOf(lying.ledger, 'shared_worker', SOCKET)).toMatchObject({ verdict: 'infrastructure_loss', reason: expect.stringMatching(/^own_server_lost: it ended by itself in the run: exit code 7; .*no more sockets$/) })
  expect(verdictOf(lying.ledger, 'window', SOCKET)).toMatchObject({ verdict: 'parity' })
  expect(ownServer(lying.out)).toMatchObject({ ready: true, ended: { how: 'by_itself', code: 7 } })
  await audited(kit, lying.out)

  const absent = await run(kit, planted('server-never-ready'), 'window,shared_worker', [TIMER])
  expect(verdictOf(absent.ledger, 'shared_worker', TIMER)).toMatchObject({ verdict: 'unsupported', reason_code: 'bridge_unreachable' })
  expect(verdictOf(absent.ledger, 'window', TIMER)).toMatchObject({ verdict: 'parity' })
  expect(ownServer(absent.out)).toMatchObject({ ready: false, lost: 'it was not ready within 500 ms' })
  expect(absent.code).toBe(3)
  await audited(kit, absent.out)
})
