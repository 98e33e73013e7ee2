import { join } from 'node:path'
import { MATRIX_HOST_ROLES, type Engine, type HostRole } from '../../src/contract/vocabulary.js'
import { judgedAgain, readBundle } from './evidence.js'
import { byCell, expect, scenarios, test, type Verified } from './support.js'

const SMOKE = ['http.response.content_length', 'http.request.post', 'http.deadline.mid_body', 'http.cancel.mid_body', 'http.shutdown.in_flight', 'http.h2.get', 'http.h2.cancel']
const OVER_H2 = ['http.h2.get', 'http.h2.post', 'http.h2.put_no_body', 'http.h2.multiplexed', 'http.h2.cancel', 'http.h2.shutdown']
/** By the expectations file that the runs read. */
const KNOWN: Record<Engine, string[]> = {
  chromium: [], firefox: ['http.h2.reset_before_head'], webkit: ['http.request.cut_mid_body', 'http.h2.reset_mid_body', 'http.h2.deadline'],
}
const bridged = (role: HostRole): boolean => role === 'shared_worker' || role === 'service_worker'

test('T2 http_surface: the reference subject runs in two roles and over the bridge in two; each peer saw the version it declares', async ({ kit }) => {
  const run = await kit.verify(...scenarios(SMOKE))
  expect(byCell(run.ledger)).toEqual(Object.fromEntries(MATRIX_HOST_ROLES.flatMap((role) =>
    SMOKE.map((id) => [`${kit.engine}.${role}.${bridged(role) ? 'bridge' : 'direct'}/${id}`, bridged(role) ? 'bridge_only' : 'parity']))))
  expect(run.code).toBe(0)
  checkVersions(run)
  expect(await kit.lanecheck('audit', run.out)).toMatchObject({ code: 0 })
})

test('T3 http_surface: the whole family in a dedicated worker; what is not as the lab has it is named beforehand', async ({ kit }) => {
  const { ledger, code } = await kit.verify('--role', 'dedicated_worker', '--scenario', 'http.*')
  expect(ledger.verdicts.filter(({ verdict }) => verdict !== 'parity').map(({ scenario_id, verdict }) => [scenario_id, verdict])).toEqual(KNOWN[kit.engine].map((id) => [id, 'semantic_mismatch']))
  expect(ledger.verdicts.length).toBeGreaterThanOrEqual(14)
  expect(code).toBe(0)
})

test('T3 http_surface: every role of the engine itself speaks HTTP/2 to the run\'s own certificate', async ({ kit }) => {
  const run = await kit.verify('--subject', 'native', ...scenarios(OVER_H2))
  expect(byCell(run.ledger)).toEqual(Object.fromEntries(MATRIX_HOST_ROLES.flatMap((role) => OVER_H2.map((id) => [`${kit.engine}.${role}.direct/${id}`, 'parity']))))
  checkVersions(run)
})

function checkVersions(run: Verified): void {
  for (const verdict of run.ledger.verdicts) {
    const bundle = readBundle(join(run.out, verdict.artifact_bundle!))
    const version = verdict.scenario_id.startsWith('http.h2.') ? 'h2' : 'http/1.1'
    for (const { record } of bundle['live.json'].attempts) for (const exchange of Object.values(record.semantic.exchanges)) expect(exchange.protocol_version, verdict.cell_id).toBe(version)
    expect(bundle['capture-manifest.json'].fields, verdict.cell_id).toContainEqual({ field: 'protocol_version', class: 'observed', witnesses: ['peer'], required: true })
    expect(judgedAgain(bundle).again.verdict).toBe(verdict.verdict)
  }
}
