import type { PeerModel, Scenario } from '../../../src/contract/scenario.js'
import { ScenarioSchema } from '../../../src/contract/scenario.js'
import { CAPABILITIES } from '../../../src/contract/vocabulary.js'
import { runLabOnce, type LabOptions, type LabTrace } from '../../../src/lab/run-lab.js'

const PROBE = {
  proven_role: null, proofs: [{ check: 'none', holds: false }], global_scope: 'Object', secure_context: true, cross_origin_isolated: false, user_agent: 'test',
  capabilities: Object.fromEntries(CAPABILITIES.map((name) => [name, false])), wasm_blocked: false, clock_step_ms: 0,
}
const SUBJECT = { name: 'script', version: '1.0.0', requires: [], host_roles: ['window'], bridge: false, classification: null }

/**
 * An artifact that speaks the control protocol by itself. `body` is the text of an async function's body; it sees
 * `log(value)`, `at(peer, id)`, `wsAt(peer, id)`, `refusedAt(peer, id)`, `sleep(ms)` and `order`.
 */
export const artifactOf = (body: string, subject: object = SUBJECT): string => `(() => {
  const { control } = globalThis.__lanecheckHost
  let seq = 0, start = 0, pending = []
  const flush = () => { if (pending.length > 0) control.send({ type: 'events', events: pending }); pending = [] }
  const log = (value) => {
    const ms = performance.now() - start
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    pending.push({ witness: 'subject', kind: 'log', id: 'script', text, seq: seq++, ticks: Math.round(ms / 10), ms })
    if (pending.length === 1) queueMicrotask(flush)
  }
  const sleep = (ms) => new Promise((go) => setTimeout(go, ms))
  control.onmessage = async (order) => {
    const at = (peer, id) => order.origin + order.peer_path + peer + '/' + id
    const wsAt = (peer, id) => at(peer, id).replace('http', 'ws')
    const refusedAt = (peer, id) => order.refused_origins[peer] + '/' + id
    start = performance.now()
    try {
      await (async () => { ${body} })()
      flush()
      control.send({ type: 'done', stalled: false })
    } catch (error) {
      flush()
      control.send({ type: 'failed', code: 'subject_throws', message: error.name + ': ' + error.message })
    }
  }
  queueMicrotask(() => control.send({ type: 'hello', probe: ${JSON.stringify(PROBE)}, subject: ${JSON.stringify(subject)} }))
})()`

export const scenarioOf = (peers: Record<string, PeerModel> = {}, changes: Partial<Scenario> = {}): Scenario => ScenarioSchema.parse({
  id: 'lab.test', title: 'a script in the lab', surface_family: 'timer_surface', tiers: ['T0'], scenario_clock_id: 'lab', tick_ms: 10,
  normalization_window: { early_ticks: 0, late_ticks: 0 }, logical_deadline_id: null, deadlines: {}, peers, tasks: { main: [{ op: 'mark', mark: 'm' }] }, limit_ticks: 1000,
  expect: { outcome: 'completed', timers: {}, deadlines: {}, channels: {}, exchanges: {}, streams: {}, orders: [] },
  ...changes,
})

/** Runs a body once. */
export const run = (body: string, peers?: Record<string, PeerModel>, options: Partial<LabOptions> = {}): Promise<LabTrace> =>
  runLabOnce({ artifact: artifactOf(body), scenario: scenarioOf(peers), seed: 1, ...options })

/** What the body logged. Fails when it threw. */
export async function logged(body: string, peers?: Record<string, PeerModel>, options?: Partial<LabOptions>): Promise<string[]> {
  const trace = await run(body, peers, options)
  if (trace.end.type === 'failed') throw new Error(`the script failed: ${trace.end.message}\n${trace.console.join('\n')}`)
  if (trace.end.stalled) throw new Error(`the script stalled\n${logs(trace).join('\n')}\n${trace.console.join('\n')}`)
  return logs(trace)
}

export const logs = (trace: LabTrace): string[] => trace.events.flatMap((event) => (event.kind === 'log' ? [event.text] : []))
/** Kinds of the peers' events, in order. */
export const peerKinds = (trace: LabTrace): string[] => trace.events.flatMap((event) => (event.witness === 'peer' ? [event.kind] : []))
