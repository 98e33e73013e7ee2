import { join } from 'node:path'
import { GateReportSchema, type GatePacket } from '../../src/contract/gate.js'
import { CATALOGUE } from '../../src/scenarios/catalogue.js'
import { expect, scenarios, test } from './support.js'

const SMOKE = CATALOGUE.filter(({ surface_family, tiers }) => surface_family === 'timer_surface' && tiers.includes('T2')).map(({ id }) => id)

test('T2 timer_surface, http_surface, browser_surface: the gate tells what a small run has shown of each floor, and what not', async ({ kit }) => {
  const run = await kit.verify('--role', 'window,service_worker', ...scenarios([...SMOKE, 'websocket.message.text']))
  expect(run.code).toBe(0)
  const { code, stdout } = await kit.lanecheck('gate', run.out, '--json')
  expect(code).toBe(2)
  const { packets } = GateReportSchema.parse(JSON.parse(stdout))
  const at = (row: string, lane: string): GatePacket => packets.find(({ surface_family, lane_id }) => surface_family === row && lane_id === `${kit.engine}.${lane}`)!
  const whats = (packet: GatePacket): string[] => [...new Set(packet.missing.map(({ what }) => what))]
  expect(packets).toHaveLength(4 * 2)
  for (const { eligibility_verdict, claim } of packets) expect([eligibility_verdict, claim]).toEqual(['blocked_missing_verification', 'none'])
  for (const [lane, support] of [['window.direct', 'direct'], ['service_worker.bridge', 'bridge_only']] as const) {
    const timer = at('timer_surface', lane)
    expect([timer.support, timer.met.map(({ what }) => what), whats(timer)]).toEqual([support, ['T2', 'cells'], ['T0', 'T1', 'T3', 'T4']])
    expect(timer.cells).toMatchObject(support === 'direct' ? { parity: SMOKE.length, bridge_only: 0 } : { parity: 0, bridge_only: SMOKE.length })
    expect(timer.met[1]!.evidence.map(({ path }) => path)).toEqual(['ledger.json', ...SMOKE.map((id) => `bundles/${timer.lane_id}/${id}/bundle.json`)])
    expect(whats(at('virtual_transport_surface', lane))).toContain('T2')
    expect(whats(at('http_surface', lane))).toEqual(expect.arrayContaining(['row virtual_transport_surface', 'T0', 'cells']))
    // The realm's packet holds its own; the rest of the browser row's floor is not there.
    const browser = at('browser_surface', lane)
    expect([browser.met.map(({ what }) => what), whats(browser)]).toEqual([['host_gate'], ['T2', 'T4', 'T5', 'row virtual_transport_surface', 'cells']])
    expect(browser.met[0]!.evidence.map(({ path }) => path)).toEqual([`hosts/${kit.engine}.${lane.split('.')[0]}.json`])
  }
  expect((await kit.lanecheck('audit', join(run.out))).code).toBe(0)
})
