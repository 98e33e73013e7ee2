import { z } from 'zod'
import { HostPacketSchema } from '../../src/contract/host.js'
import { MATRIX_HOST_ROLES, type Capability, type Engine, type HostRole } from '../../src/contract/vocabulary.js'
import { expect, test } from './support.js'

const OutcomeSchema = z.strictObject({ packets: z.array(HostPacketSchema), missing: z.array(z.unknown()) })

/** What the engines are known to have, wherever a realm may have it. */
const HAS: Record<Engine, Partial<Record<Capability, boolean>>> = {
  chromium: { webtransport: true, websocket_stream: true, scheduler: true, jspi: true },
  firefox: { webtransport: true, websocket_stream: false, scheduler: true, jspi: true },
  webkit: { webtransport: false, websocket_stream: false, scheduler: false, jspi: false },
}
const EVERYWHERE: Capability[] = ['timers', 'webassembly', 'websocket', 'fetch', 'fetch_streaming', 'abort_controller', 'eventsource', 'message_channel', 'broadcast_channel', 'crypto_random', 'text_codec']
/** `Worker` inside a shared worker: Firefox only. */
const hasWorker = (engine: Engine, role: HostRole): boolean => role === 'window' || role === 'dedicated_worker' || (role === 'shared_worker' && engine === 'firefox')

test('T2 browser_surface: four realms prove their roles and say exactly what they are', async ({ kit }) => {
  const { code, stdout } = await kit.lanecheck('probe', '--engine', kit.engine, '--subject', 'native', '--json')
  expect(code).toBe(0)
  const { packets, missing } = OutcomeSchema.parse(JSON.parse(stdout))
  expect(missing).toEqual([])
  expect(packets.map(({ host_role }) => host_role).sort()).toEqual([...MATRIX_HOST_ROLES].sort())
  for (const packet of packets) {
    const { host_role, probe } = packet
    await test.step(host_role, () => {
      expect(packet).toMatchObject({ engine: kit.engine, lane_id: `${kit.engine}.${host_role}.direct`, support_class: 'direct', reason_code: 'admitted_direct', findings: [] })
      expect(packet.engine_product).toMatch(kit.engine === 'chromium' ? /chromium/ : kit.engine === 'firefox' ? /firefox/ : /webkit/)
      expect(packet.engine_version).toMatch(/^\d+(\.\d+)+/)
      expect(packet.driver).toMatch(/^playwright-\d+\.\d+\.\d+\/./)
      expect(packet.os).not.toBe('')
      expect(probe).toMatchObject({ proven_role: host_role, secure_context: true, cross_origin_isolated: false, wasm_blocked: false })
      expect(probe!.proofs.filter(({ check }) => check.startsWith(`${host_role}:`)).map(({ holds }) => holds)).not.toContain(false)
      expect(probe!.capabilities).toMatchObject({
        ...Object.fromEntries(EVERYWHERE.map((name) => [name, true])), ...HAS[kit.engine], worker: hasWorker(kit.engine, host_role), shared_array_buffer: false,
      })
    })
  }
})
