import { describe, expect, it } from 'vitest'
import type { GatePacket } from '../../../src/contract/gate.js'
import { promotedBy } from '../../../src/claims/promotion.js'

const packet = (parts: Partial<GatePacket>): GatePacket => ({ lane_id: 'firefox.shared_worker.direct', surface_family: 'timer_surface', claim: 'direct', ...parts } as GatePacket)
const realm = { engine: 'firefox', host_role: 'shared_worker' } as const

describe('T0 timer_surface: what promotes a realm', () => {
  it('is a packet of its direct lane, for that surface, with which the gate lets claim direct support', () => {
    expect(promotedBy([packet({})])(realm, 'timer_surface')).toBe(true)
  })
  it.each<[string, Partial<GatePacket>]>([
    ['of its bridge', { lane_id: 'firefox.shared_worker.bridge' }],
    ['of another engine', { lane_id: 'chromium.shared_worker.direct' }],
    ['of another role', { lane_id: 'firefox.window.direct' }],
    ['of another surface', { surface_family: 'http_surface' }],
    ['with nothing to claim', { claim: 'none' }],
    ['for bridge_only', { claim: 'bridge_only' }],
  ])('a packet %s does not', (_, parts) => {
    expect(promotedBy([packet(parts)])(realm, 'timer_surface')).toBe(false)
    expect(promotedBy([])(realm, 'timer_surface')).toBe(false)
  })
})
