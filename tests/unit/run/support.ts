import { vi } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineIdentity, HostPacket, RealmProbe, SubjectDeclaration } from '../../../src/contract/host.js'
import { laneId } from '../../../src/contract/lane.js'
import type { FromRealm } from '../../../src/contract/realm-protocol.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { CAPABILITIES, type HostRole } from '../../../src/contract/vocabulary.js'
import type { AttemptResult } from '../../../src/run/attempt.js'
import type { SeenCell } from '../../../src/run/engine-run.js'
import { liveAttempt } from '../../../src/run/live-attempt.js'
import { makePlan } from '../../../src/run/plan.js'
import { DIRECT, deadlineScenario, deadlineTrace, labRun, recordOf } from '../judge/traces.js'

export const SHA = 'c'.repeat(64)
export const SUBJECT: SubjectDeclaration = { name: 'made-up', version: '1.0.0', requires: ['timers'], host_roles: ['window', 'dedicated_worker'], bridge: true, classification: null }
export const IDENTITY: EngineIdentity = { engine: 'chromium', engine_product: 'debian-chromium', engine_version: '1.0', driver: 'playwright-1/cdp', os: 'linux' }

export const probeOf = (role: HostRole | null, parts: Partial<RealmProbe> = {}): RealmProbe => ({
  proven_role: role, proofs: [{ check: 'made up', holds: true }], global_scope: 'Window', secure_context: true, cross_origin_isolated: false, user_agent: 'test',
  capabilities: Object.fromEntries(CAPABILITIES.map((name) => [name, true])) as RealmProbe['capabilities'], wasm_blocked: false, clock_step_ms: 1, ...parts,
})
export const hello = (role: HostRole | null = 'window'): FromRealm => ({ type: 'hello', probe: probeOf(role), subject: SUBJECT })

export const resultOf = (parts: Partial<AttemptResult> = {}): AttemptResult => ({
  probe: probeOf('window'), subject: SUBJECT, events: [], end: { type: 'done', stalled: false }, infrastructure: null, notes: [], wall_elapsed_ns: 1e6, ...parts,
})

export const packetOf = (parts: Partial<HostPacket> = {}): HostPacket => ({
  schema: 'lanecheck.host-packet.v1', ...IDENTITY, host_role: 'window', page: 'plain', needs: [], lane_id: laneId('chromium', 'window', 'direct'), support_class: 'direct', reason_code: 'admitted_direct', admission: DIRECT,
  probe: probeOf('window'), subject: SUBJECT, findings: [], ...parts,
})

export const planOf = (parts: Partial<Parameters<typeof makePlan>[0]> = {}) => makePlan({
  engines: ['chromium'], roles: ['window'], scenarios: [deadlineScenario()], cell: null, seed: 7, subject: SUBJECT, artifact_sha256: SHA, ...parts,
})

/** A cell as a sound run leaves it: lab and one live attempt agree. */
export function seenCell(parts: Partial<SeenCell> = {}, events: TraceEvent[] = deadlineTrace().events, scenario: Scenario = deadlineScenario()): SeenCell {
  const result = resultOf({ events })
  return {
    cell: planOf({ scenarios: [scenario] }).cells[0]!, scenario, packet: packetOf(), lab: { run: labRun(recordOf(scenario, deadlineTrace(), 'lab')), events: [] },
    results: [result], attempts: [liveAttempt(scenario, 1, 'direct', result)], infrastructure: null, engine_available: true, ...parts,
  }
}

/** Runs with a new folder, which is taken away afterwards. */
export async function inFolder<Result>(use: (dir: string) => Promise<Result>): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), 'lanecheck-test-'))
  try {
    return await use(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Timers and clock in the test's hand; everything else goes on by itself. */
export const fakeClock = (): void => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }) }
