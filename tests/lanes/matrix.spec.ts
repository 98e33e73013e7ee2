import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { HostPacketSchema } from '../../src/contract/host.js'
import { LedgerSchema, PlanSchema, VerdictSchema, type Verdict } from '../../src/contract/verdict.js'
import { MATRIX_HOST_ROLES, type HostRole } from '../../src/contract/vocabulary.js'
import { bundleFiles, digestsOf, judgedAgain, lines, readBundle } from './evidence.js'
import { byCell, expect, scenarios, test, type Verified } from './support.js'

const TIMERS = ['timer.order.distinct', 'timer.cancel.before_fire', 'timer.deadline.exceeded', 'timer.interval.counted']
const TRANSPORT = ['websocket.message.text', 'websocket.close.by_peer', 'fetch.stream.slow_chunks', 'fetch.cancel.during_body']
const STREAMS = ['sse.fields', 'sse.resume']

/** What a matrix of these roles and scenarios comes to, by the route each role takes. */
const expected = (engine: string, ids: readonly string[], routeOf: (role: HostRole) => 'direct' | 'bridge'): Record<string, string> =>
  Object.fromEntries(MATRIX_HOST_ROLES.flatMap((role) => ids.map((id) => [`${engine}.${role}.${routeOf(role)}/${id}`, routeOf(role) === 'direct' ? 'parity' : 'bridge_only'])))

const bridged = (role: HostRole): boolean => role === 'shared_worker' || role === 'service_worker'

test('T2 timer_surface, virtual_transport_surface: the reference subject runs in two roles and over the bridge in two, and its evidence holds', async ({ kit }) => {
  const run = await kit.verify(...scenarios([...TIMERS, ...TRANSPORT]))
  expect(byCell(run.ledger)).toEqual(expected(kit.engine, [...TIMERS, ...TRANSPORT], (role) => (bridged(role) ? 'bridge' : 'direct')))
  expect(run.code).toBe(0)
  await test.step('the folder is laid out as architecture.md has it', () => checkLayout(run))
  for (const verdict of run.ledger.verdicts) await test.step(verdict.cell_id, () => checkCell(run, verdict))
})

test('T3 timer_surface, virtual_transport_surface: the native subject runs directly in all four roles, event streams too', async ({ kit }) => {
  const run = await kit.verify('--subject', 'native', ...scenarios([...TIMERS, ...TRANSPORT, ...STREAMS]))
  expect(byCell(run.ledger)).toEqual(expected(kit.engine, [...TIMERS, ...TRANSPORT, ...STREAMS], () => 'direct'))
  expect(run.code).toBe(0)
  for (const verdict of run.ledger.verdicts) expect.soft(judgedAgain(readBundle(join(run.out, verdict.artifact_bundle!))), verdict.cell_id).toEqual(same(run, verdict))
})

/** Both sides of a second judgement are what the ledger says. */
const same = (run: Verified, verdict: Verdict): unknown => {
  const { kept } = judgedAgain(readBundle(join(run.out, verdict.artifact_bundle!)))
  const inLedger = Object.fromEntries(Object.keys(kept).map((key) => [key, verdict[key as keyof Verdict]]))
  return { kept: inLedger, again: inLedger }
}

function checkLayout({ out, ledger }: Verified): void {
  const { engine } = ledger.verdicts[0]!
  // A complete run may have an index of all that as well.
  expect(readdirSync(out).filter((name) => name !== 'evidence.json').sort()).toEqual(['artifacts', 'bundles', 'canaries', 'hosts', 'ledger.json', 'ledger.ndjson', 'plan.json', 'tiers.json'])
  const plan = PlanSchema.parse(JSON.parse(readFileSync(join(out, 'plan.json'), 'utf8')))
  expect(plan.cells.map(({ cell_id }) => cell_id)).toEqual(ledger.verdicts.map(({ cell_id }) => cell_id))
  expect(LedgerSchema.parse(JSON.parse(readFileSync(join(out, 'ledger.json'), 'utf8')))).toEqual(ledger)
  const appended = lines(join(out, 'ledger.ndjson')).map((line) => VerdictSchema.parse(line))
  const ordered = (verdicts: readonly Verdict[]): Verdict[] => [...verdicts].sort((one, other) => one.cell_id.localeCompare(other.cell_id))
  expect(ordered(appended)).toEqual(ordered(ledger.verdicts))
  expect(readdirSync(join(out, 'hosts')).sort()).toEqual(MATRIX_HOST_ROLES.map((role) => `${engine}.${role}.json`).sort())
  for (const role of MATRIX_HOST_ROLES) {
    const packet = HostPacketSchema.parse(JSON.parse(readFileSync(join(out, 'hosts', `${engine}.${role}.json`), 'utf8')))
    expect(packet).toMatchObject(bridged(role)
      ? { lane_id: `${engine}.${role}.bridge`, support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', admission: { cause: { cause: 'subject_declines_host_role' }, bridge_handshake: true } }
      : { lane_id: `${engine}.${role}.direct`, support_class: 'direct', reason_code: 'admitted_direct', admission: { cause: null } })
  }
  expect(ledger.run).toMatchObject({ run_id: plan.run_id, interrupted: false, subject: { name: 'reference' }, artifact_path: `artifacts/${plan.artifact_sha256}.js` })
  expect(ledger.run.engines).toHaveLength(1)
  expect(existsSync(join(out, ledger.run.artifact_path))).toBe(true)
  expect(ledger.sums.all).toMatchObject({ parity: 16, bridge_only: 16, semantic_mismatch: 0, not_run: 0 })
}

function checkCell(run: Verified, verdict: Verdict): void {
  const { lane_id, scenario_id } = verdict
  expect(verdict).toMatchObject({
    artifact_bundle: `bundles/${lane_id}/${scenario_id}`,
    capture_manifest_path: `bundles/${lane_id}/${scenario_id}/capture-manifest.json`,
    normalized_record_path: `bundles/${lane_id}/${scenario_id}/live.json`,
    eligibility_verdict: 'eligible', observability_status: 'met',
  })
  const dir = join(run.out, verdict.artifact_bundle!)
  expect(readdirSync(dir).sort()).toEqual(bundleFiles(bridged(verdict.host_role) ? 'bridge' : 'direct'))
  const bundle = readBundle(dir)
  expect(bundle['bundle.json']).toMatchObject({ cell_id: verdict.cell_id, lane_id, run_id: run.ledger.run.run_id, files: digestsOf(dir) })
  expect(bundle['verdict.json']).toEqual(verdict)
  expect(judgedAgain(bundle)).toEqual(same(run, verdict))
  const [first, second] = bundle['lab.json'].runs
  expect(first).toEqual(second)
  const witnesses = new Set(bundle.capture.map(({ event }) => event.witness))
  const transport = verdict.surface_family === 'virtual_transport_surface'
  expect([...witnesses].sort()).toEqual([...(bridged(verdict.host_role) ? ['bridge'] : []), 'page', ...(transport ? ['peer'] : []), 'subject'].sort())
  if (bridged(verdict.host_role)) checkBridgeLogs(bundle.capture.map(({ event }) => event))
}

/** Both sides logged the handshake, the run and the end of one session over the same artifact. */
function checkBridgeLogs(events: ReadonlyArray<ReturnType<typeof readBundle>['capture'][number]['event']>): void {
  const logs = events.flatMap((event) => (event.witness === 'bridge' ? [event] : []))
  for (const side of ['realm', 'server'] as const) {
    const kinds = logs.filter((event) => event.side === side).map(({ kind }) => kind)
    expect(kinds, side).toEqual(expect.arrayContaining(['bridge.offered', 'bridge.accepted', 'bridge.run', 'bridge.finished']))
  }
  const accepted = logs.filter(({ kind }) => kind === 'bridge.accepted')
  expect(new Set(accepted.map(({ session, artifact_sha256 }) => `${session} ${artifact_sha256}`)).size).toBe(accepted.length / 2)
}
