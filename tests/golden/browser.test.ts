import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CaptureManifestSchema } from '../../src/contract/evidence.js'
import { HostPacketSchema } from '../../src/contract/host.js'
import type { TraceEvent } from '../../src/contract/trace.js'
import { jsonText, ndjsonText } from '../../src/evidence/bundle.js'
import { sha256Hex } from '../../src/evidence/digest.js'
import { captureManifest } from '../../src/judge/capture-facts.js'
import { rowFor } from '../../src/contract/matrix-rows.js'
import { admit } from '../../src/run/admit.js'
import { deadlineScenario, deadlineTrace, recordOf } from '../unit/judge/traces.js'
import { IDENTITY, SHA, SUBJECT, probeOf, resultOf } from '../unit/run/support.js'

const golden = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

/** Both sides' logs of one session, as a bridged realm leaves them. */
const LOGS = (['offered', 'accepted', 'run', 'finished', 'closed'] as const).flatMap((what) => (['realm', 'server'] as const).map((side) => ({
  witness: 'bridge', kind: `bridge.${what}`, id: 'bridge', side, session: 's1', artifact_sha256: SHA, seq: 0, ticks: 0, ms: 0,
}) as TraceEvent))

describe('T1 browser_surface', () => {
  test('host classification packet: a page that withholds shared memory, and who is told to be why', async () => {
    const probe = { ...probeOf('window'), capabilities: { ...probeOf('window').capabilities, shared_array_buffer: false } }
    const subject = { ...SUBJECT, host_roles: ['window' as const], bridge: true }
    const asked = { role: 'window' as const, subject, page: 'plain' as const, needs: ['shared_array_buffer' as const] }
    const packet = await admit(IDENTITY, asked, (_, what) => Promise.resolve(resultOf({ probe, subject, ...(what === 'probe_bridge' ? { events: LOGS } : {}) })))
    expect(HostPacketSchema.safeParse(packet).success).toBe(true)
    expect(jsonText(packet)).toBe(golden('browser-host-packet.json'))
  })
  test('downgrade artifact: the capture manifest of a bridged cell counts the bridge among its witnesses', () => {
    const tracer = deadlineTrace({ fires: 3 })
    const scenario = deadlineScenario()
    const events = [...LOGS, ...tracer.events]
    const manifest = captureManifest({
      scenario, lane_id: 'chromium.window.bridge', virtualization_boundary: rowFor('browser_surface').virtualization_boundary,
      capture_sha256: sha256Hex(ndjsonText(events.map((event) => ({ attempt: 1, event })))), events, records: [recordOf(scenario, tracer)],
    })
    expect(CaptureManifestSchema.safeParse(manifest).success).toBe(true)
    expect(manifest.events.bridge).toBe(LOGS.length)
    expect(jsonText(manifest)).toBe(golden('browser-downgrade-capture-manifest.json'))
  })
})
