import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GatePacketSchema, type GatePacket } from '../../src/contract/gate.js'
import type { SurfaceFamily } from '../../src/contract/vocabulary.js'
import { jsonText } from '../../src/evidence/bundle.js'
import { gatePackets } from '../../src/gate/packets.js'
import { CELLS, gateInput, hostAt, recordOf, TESTS, verdictAt, type Change } from '../unit/gate/support.js'

const golden = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')
const packet = (change: Change, row: SurfaceFamily, lane_id: string): GatePacket => gatePackets(gateInput(change)).find((one) => one.surface_family === row && one.lane_id === lane_id)!

/** The transport row lacks its planted faults, a cell of the HTTP row broke. */
const WEAK: Change = {
  records: [recordOf(TESTS.filter(({ tier, surface_family }) => tier !== 'T4' || surface_family !== 'virtual_transport_surface'))],
  verdicts: CELLS.map((cell) => verdictAt(cell, cell.row === 'http_surface' && cell.id === 'http_surface.two' && cell.host_role === 'window' ? 'semantic_mismatch' : null)),
}
/** No transport row, and a host that says of itself what its probe does not show. */
const NO_HOST: Change = { ...WEAK, hosts: [{ ...hostAt('webkit', 'service_worker'), findings: ['classify() says window, the probe proves service_worker'] }] }

describe('T1 http_surface: gate packets', () => {
  test('with its floor met it is eligible in this lane', () => expect(jsonText(packet({}, 'http_surface', 'firefox.window.direct'))).toBe(golden('http-gate-packet.json')))
  test('without a credible transport row, and with a mismatch, it is not', () => expect(jsonText(packet(WEAK, 'http_surface', 'firefox.window.direct'))).toBe(golden('http-gate-packet-blocked.json')))
})

describe('T1 browser_surface: gate packets', () => {
  test('over the bridge it may claim bridge_only, which is never direct', () => expect(jsonText(packet({}, 'browser_surface', 'chromium.shared_worker.bridge'))).toBe(golden('browser-gate-packet.json')))
  test('without the transport row and the host gate it is blocked', () => expect(jsonText(packet(NO_HOST, 'browser_surface', 'webkit.service_worker.direct'))).toBe(golden('browser-gate-packet-blocked.json')))
})

describe('T1 http_surface, browser_surface: the golden packets', () => {
  test.each(['http-gate-packet', 'http-gate-packet-blocked', 'browser-gate-packet', 'browser-gate-packet-blocked'])('%s.json is a packet', (name) => {
    expect(GatePacketSchema.safeParse(JSON.parse(golden(`${name}.json`))).success).toBe(true)
  })
})
