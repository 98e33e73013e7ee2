import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assetsOf } from '../../src/contract/assets.js'
import { MATRIX_HOST_ROLES } from '../../src/contract/vocabulary.js'
import { expect, test, verdictOf } from './support.js'

const SUBJECT = 'tests/lanes/wasm-delivery/subject.ts'
const SCENARIO = 'timer.order.distinct'
const inEveryRole = (verdict: string): Record<string, string> => Object.fromEntries(MATRIX_HOST_ROLES.map((role) => [role, verdict]))

test('T3 timer_surface: wasm by URL runs in every role from one script that does not hold it; replay and audit stand on the same bytes', async ({ kit }) => {
  const { ledger, out } = await kit.verify('--subject', SUBJECT, '--wasm', 'url', '--scenario', SCENARIO)
  expect(Object.fromEntries(ledger.verdicts.map(({ host_role, verdict, reason }) => [host_role, verdict === 'parity' ? verdict : reason]))).toEqual(inEveryRole('parity'))
  const artifact = readFileSync(join(out, ledger.run.artifact_path), 'utf8')
  const [name = ''] = assetsOf(artifact)
  expect(artifact).not.toContain('data:application/wasm')
  expect(readdirSync(join(out, 'artifacts')).sort()).toEqual([name, ledger.run.artifact_path.split('/')[1]].sort())
  const replayed = await kit.lanecheck('replay', join(out, verdictOf(ledger, 'service_worker', SCENARIO).artifact_bundle!))
  expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0)
  expect((await kit.lanecheck('audit', out)).code).toBe(0)
  writeFileSync(join(out, 'artifacts', name), 'other bytes')
  const audited = await kit.lanecheck('audit', out)
  expect(audited.code).toBe(1)
  expect(audited.stdout).toContain(`artifacts/${name}`)
})

test('T3 timer_surface: wasm inlined runs in every role, and the bridge\'s worker fetches it where a role is declined', async ({ kit }) => {
  const inlined = await kit.verify('--subject', SUBJECT, '--wasm', 'inline', '--scenario', SCENARIO)
  expect(Object.fromEntries(inlined.ledger.verdicts.map(({ host_role, verdict, reason }) => [host_role, verdict === 'parity' ? verdict : reason]))).toEqual(inEveryRole('parity'))
  expect(readdirSync(join(inlined.out, 'artifacts'))).toHaveLength(1)
  const bridged = await kit.verify('--subject', 'tests/lanes/wasm-delivery/bridged.ts', '--wasm', 'url', '--role', 'shared_worker', '--scenario', SCENARIO)
  expect(verdictOf(bridged.ledger, 'shared_worker', SCENARIO)).toMatchObject({ verdict: 'bridge_only', reason_code: 'downgrade_to_server_bridge' })
})
