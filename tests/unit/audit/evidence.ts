import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { build, type Plugin } from 'vite'
import { judgeCanary } from '../../../src/canary/judge-canary.js'
import { PLANTS } from '../../../src/canary/plants.js'
import { CANARIES, type CanaryName, type CanaryRecord, type CanarySight } from '../../../src/contract/canary.js'
import type { InfrastructureLoss } from '../../../src/contract/evidence.js'
import type { HostPacket, SubjectDeclaration } from '../../../src/contract/host.js'
import { laneId } from '../../../src/contract/lane.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import type { ShardChoice, Times } from '../../../src/contract/shard.js'
import { LedgerSchema, type Plan, type PlannedCell, type Verdict } from '../../../src/contract/verdict.js'
import type { Engine, HostRole } from '../../../src/contract/vocabulary.js'
import { atomicWrite } from '../../../src/evidence/atomic-write.js'
import { jsonText, ndjsonText } from '../../../src/evidence/bundle.js'
import { canonicalDigest, sha256Hex } from '../../../src/evidence/digest.js'
import { writeEvidenceIndex } from '../../../src/evidence/evidence-index.js'
import { normalize } from '../../../src/judge/normalize.js'
import { sumVerdicts } from '../../../src/judge/sums.js'
import { declareSubject, runLabTwice } from '../../../src/lab/run-lab.js'
import { packageRoot } from '../../../src/package-root.js'
import type { SeenCell } from '../../../src/run/engine-run.js'
import { keepCell } from '../../../src/run/keep.js'
import type { LabRuns, startLabRuns } from '../../../src/run/lab-runs.js'
import { liveAttempt } from '../../../src/run/live-attempt.js'
import { makePlan } from '../../../src/run/plan.js'
import { openRunOutput } from '../../../src/run/run-output.js'
import { cutShard, firstSession } from '../../../src/run/shards.js'
import { findScenarios } from '../../../src/scenarios/catalogue.js'
import { climb, hostFindings } from '../../../lanes/ladder.js'
import { bridgedSession } from '../bridge/logs.js'
import { IDENTITY, probeOf, resultOf } from '../run/support.js'

/** The native subject's artifact, or that of another module, from the sources as they are. */
export async function nativeArtifact(module = join(packageRoot(), 'subjects/native/subject.ts')): Promise<string> {
  const root = packageRoot()
  const entry: Plugin = {
    name: 'audit-test-entry',
    resolveId: (id) => (id.endsWith('audit-test-entry') ? '\0audit-test-entry' : null),
    load: (id) => (id !== '\0audit-test-entry' ? null : [
      `import ${JSON.stringify(`${root}/host-probes/recorder/install.ts`)}`,
      `import { boot } from ${JSON.stringify(`${root}/host-probes/realm.ts`)}`,
      `boot(() => import(${JSON.stringify(module)}))`,
    ].join('\n')),
  }
  const built = await build({
    configFile: false, root, logLevel: 'silent', publicDir: false, plugins: [entry],
    build: { write: false, minify: false, target: 'es2022', lib: { entry: 'audit-test-entry', formats: ['iife'], name: 'auditTest', fileName: 'artifact' }, rolldownOptions: { output: { codeSplitting: false } } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  return output !== undefined && 'output' in output ? output.output[0].code : ''
}

/** The lab in this thread. */
export const labsHere: typeof startLabRuns = (artifact, artifact_sha256, seed): LabRuns => ({
  of: async (scenario) => {
    const { first, second, deterministic } = await runLabTwice({ artifact, scenario, seed })
    const runs = [first, second].map(({ schedule_hash, event_hash, event_count }) => ({ schedule_hash, event_hash, event_count }))
    const record = normalize({ scenario, events: first.events, clock_source: 'virtual_clock', end: { stalled: first.end.type === 'done' && first.end.stalled }, digest: canonicalDigest })
    return { run: { schema: 'lanecheck.lab-run.v1', scenario_id: scenario.id, seed, artifact_sha256, runs, deterministic, record }, events: first.events }
  },
  close: async () => undefined,
})

export const SCENARIOS = ['timer.order.distinct', 'websocket.close.by_subject']
const ENGINES: Engine[] = ['chromium', 'firefox']
const ROLES: HostRole[] = ['window', 'shared_worker']
const CRASHED: InfrastructureLoss = { what: 'engine_crashed', detail: 'made up' }

/** Of a run in parts: which one; what its cells are shared out by; what differs from the other parts. */
export interface MadePart { shard: ShardChoice; times?: Times; kit?: string; clock_step_ms?: number; version?: string; cut_off?: boolean }

/**
 * A whole evidence folder without an engine: the lab's own events stand for live ones. Eight cells: parity, over the bridge,
 * one after a crash, one that broke in one of two attempts, two whose engine is not there; the first was not there either at first, and one did not reach the bridge.
 */
export async function writeEvidence(dir: string, artifact: string, seed = 1, ids: readonly string[] = SCENARIOS, part: MadePart | null = null): Promise<void> {
  const artifact_sha256 = sha256Hex(artifact)
  const subject: SubjectDeclaration = { ...(await declareSubject(artifact)).declaration, host_roles: ['window'], bridge: true }
  const scenarios = ids.flatMap((id) => findScenarios(id))
  const plan = makePlan({ engines: ENGINES, roles: ROLES, scenarios, cell: null, seed, subject, artifact_sha256, ...(part === null ? {} : { kit_sha256: part.kit ?? 'd'.repeat(64) }) })
  const shard = part === null ? null : cutShard(plan, part.shard, part.times ?? null, part.kit ?? 'd'.repeat(64))
  const cells = plan.cells.filter(({ cell_id }) => shard?.cells.includes(cell_id) ?? true)
  const session = shard === null ? 1 : firstSession(shard)
  const output = await openRunOutput({ dir, is_default: false, resume: false }, plan.run_id, shard)
  const artifact_path = `artifacts/${artifact_sha256}.js`
  const labs = labsHere(artifact, artifact_sha256, seed)
  const packets = new Map<string, HostPacket>()
  const verdicts: Verdict[] = []
  await output.writePlan(plan)
  await atomicWrite(join(dir, artifact_path), artifact)
  // As after --resume: an earlier try did not find the engine; its bundle lies in another lane.
  const first = plan.cells[0]!
  if (cells.includes(first)) await keepCell({ seen: await seenOf(first, scenarios[0]!, null, labs, session), plan, output, subject: 'native', artifact_path })
  // And of another cell it did not reach the bridge.
  const unreached = plan.cells.find((cell) => cell.engine === 'chromium' && cell.host_role === 'shared_worker')
  if (unreached !== undefined && cells.includes(unreached)) {
    const scenario = scenarios.find(({ id }) => id === unreached.scenario_id)!
    const seen = await seenOf(unreached, scenario, packetOf(unreached, subject, part ?? {}, 'unreachable'), labs, session)
    await keepCell({ seen: { ...seen, results: [], attempts: [] }, plan, output, subject: 'native', artifact_path })
  }
  for (const cell of cells) {
    const packet = missing(cell) ? null : packetOf(cell, subject, part ?? {})
    if (packet !== null && !packets.has(packet.lane_id)) await output.writePacket(packet)
    if (packet !== null) packets.set(packet.lane_id, packet)
    const seen = await seenOf(cell, scenarios.find(({ id }) => id === cell.scenario_id)!, packet, labs, session)
    verdicts.push(await keepCell({ seen, plan, output, subject: 'native', artifact_path }))
  }
  for (const engine of ENGINES.filter((one) => cells.some((cell) => cell.engine === one))) await output.writeCanaries({ ...await canariesOf(engine, plan, artifact), session, engine_version: part?.version ?? IDENTITY.engine_version })
  if (part?.cut_off === true) return output.close()
  const { run_id, config_hash } = plan
  const run = {
    run_id, lanecheck_version: '0.0.0', seed, subject, artifact_sha256, artifact_path, config_hash, engines: ENGINES.filter((engine) => [...packets.values()].some((packet) => packet.engine === engine)).map((engine) => ({ ...IDENTITY, engine, engine_version: part?.version ?? IDENTITY.engine_version })),
    started_at: 'then', ended_at: 'now', node_version: 'v20', interrupted: false,
  }
  await output.writeLedger(LedgerSchema.parse({ schema: 'lanecheck.ledger.v1', run, verdicts, sums: sumVerdicts(verdicts) }))
  output.close()
  await writeEvidenceIndex(dir, run_id)
}

/** As they come back from a sound session; the lab plays the canary of the mismatch, on the native subject. */
async function canariesOf(engine: Engine, { run_id, artifact_sha256 }: Plan, artifact: string): Promise<CanaryRecord> {
  const { first } = await runLabTwice({ artifact, scenario: PLANTS.mismatch.scenario, seed: 1 })
  const lost = (what: InfrastructureLoss['what'], detail: string): CanarySight => ({ end: null, loss: { what, detail }, events: [] })
  const seen: Record<CanaryName, CanarySight> = {
    nonsense: { end: { type: 'failed', code: 'harness', message: 'TypeError: nonsense' }, loss: null, events: [] },
    mismatch: { end: { type: 'done', stalled: false }, loss: null, events: first.events },
    hang: lost('realm_silent', 'no sign of life for 700 ms'),
    crash: lost('realm_crashed', 'gone'),
  }
  const canaries = CANARIES.map((canary) => judgeCanary(canary, seen[canary], canonicalDigest))
  return { schema: 'lanecheck.canary.v1', run_id, artifact_sha256, ...IDENTITY, engine, session: 1, good: canaries.every(({ good }) => good), canaries }
}

const missing = ({ engine, host_role }: PlannedCell): boolean => engine === 'firefox' && host_role === 'shared_worker'

function packetOf({ engine, host_role }: PlannedCell, subject: SubjectDeclaration, { clock_step_ms = 1, version }: Partial<MadePart>, bridge: 'completed' | 'unreachable' = 'completed'): HostPacket {
  const probe = probeOf(host_role, { clock_step_ms })
  const admission = climb({ realm: probe, wanted_role: host_role, subject, page: { secure_context: true, cross_origin_isolated: false }, bridge })
  if ('needs_bridge' in admission) throw new Error('the bridge was tried')
  const { support_class, reason_code, route } = admission
  const declared: SubjectDeclaration = { ...subject, classification: { host_role, supported: route === 'direct' } }
  return { schema: 'lanecheck.host-packet.v1', ...IDENTITY, engine_version: version ?? IDENTITY.engine_version, engine, host_role, page: 'plain', needs: [], lane_id: laneId(engine, host_role, route), support_class, reason_code, admission, probe, subject: declared, findings: hostFindings(declared, probe) }
}

async function seenOf(cell: PlannedCell, scenario: Scenario, packet: HostPacket | null, labs: LabRuns, session: number): Promise<SeenCell> {
  if (packet === null) return { cell, scenario, packet, lab: null, results: [], attempts: [], infrastructure: { what: 'engine_not_found', detail: 'not here' }, engine_available: false }
  const lab = await labs.of(scenario)
  const { route } = packet.admission
  const probe = probeOf(cell.host_role)
  const over = (events: readonly TraceEvent[]): TraceEvent[] => renumbered(route === 'bridge' ? bridgedSession(events, { artifact_sha256: lab.run.artifact_sha256, proven_role: cell.host_role }) : events)
  const whole = over(lab.events)
  const afterCrash = cell.engine === 'firefox' && scenario.id === SCENARIOS[1]
  const unsteady = cell.engine === 'firefox' && scenario.id === SCENARIOS[0]
  const lost = resultOf({ probe, session, events: whole.slice(0, 3), end: null, infrastructure: CRASHED })
  const results = [...(afterCrash ? [lost] : []), ...(unsteady ? [resultOf({ probe, session, events: over(withoutOne(lab.events)) })] : []), resultOf({ probe, session, events: whole })]
  const attempts = results.filter(({ infrastructure }) => infrastructure === null).map((result, index) => liveAttempt(scenario, index + 1, route, result))
  return { cell, scenario, packet, lab, results, attempts, infrastructure: null, engine_available: true }
}

const renumbered = (events: readonly TraceEvent[]): TraceEvent[] => events.map((event, seq) => ({ ...event, seq }))
/** A timer that the subject never told of. */
const withoutOne = (events: readonly TraceEvent[]): TraceEvent[] => events.filter((event, at) => at !== events.findLastIndex(({ kind }) => kind === 'timer.fired') && event !== undefined)

/** Paths of all files in a folder. */
export const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/')).sort()

/** A record, or the records a line each. */
export function recordsIn(dir: string, path: string): unknown[] {
  const text = readFileSync(join(dir, path), 'utf8')
  return path.endsWith('.ndjson') ? text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown) : [JSON.parse(text) as unknown]
}

/** Writes records in the form in which they are kept. */
export const putRecords = (dir: string, path: string, records: readonly unknown[]): void =>
  writeFileSync(join(dir, path), path.endsWith('.ndjson') ? ndjsonText(records) : jsonText(records[0]))

/** What a forger does who knows the kit: every digest over every file is made anew. */
export async function redigest(dir: string): Promise<void> {
  for (const path of filesIn(dir).filter((name) => name.endsWith('/bundle.json'))) {
    const bundle = join(dir, path, '..')
    const index = JSON.parse(readFileSync(join(dir, path), 'utf8')) as { files: Record<string, unknown> }
    index.files = Object.fromEntries(filesIn(bundle).filter((name) => name !== 'bundle.json').map((name) => {
      const data = readFileSync(join(bundle, name))
      return [name, { sha256: sha256Hex(data), bytes: data.length }]
    }))
    writeFileSync(join(dir, path), jsonText(index))
  }
  const { run_id } = JSON.parse(readFileSync(join(dir, 'plan.json'), 'utf8')) as { run_id: string }
  await writeEvidenceIndex(dir, run_id)
}
