import type { CaptureLine, LabRun, LiveRunMetadata } from '../contract/evidence.js'
import type { HostPacket, RealmProbe } from '../contract/host.js'
import { laneId } from '../contract/lane.js'
import type { Plan, Verdict } from '../contract/verdict.js'
import { admittanceOf, packetPath } from '../contract/page-conditions.js'
import { canonicalDigest } from '../evidence/digest.js'
import { REALM_UNAVAILABLE } from '../judge/verdict.js'
import { fileOf, type Bundle } from './bundle.js'
import type { Folder } from './folder.js'

/** The lab's record vouches for itself, and what a replay must reach is what the lab reached. */
export function checkLab(folder: Folder, bundle: Bundle, lab: LabRun): void {
  const path = fileOf(bundle, 'lab.json')
  const { semantic_digest, full_digest, ...body } = lab.record
  const own = { semantic_digest: canonicalDigest(body.semantic), full_digest: canonicalDigest(body) }
  folder.compare('record_differs', path, own, { semantic_digest, full_digest }, 'record')
  const [one, other] = lab.runs
  const deterministic = one?.schedule_hash === other?.schedule_hash && one?.event_hash === other?.event_hash
  folder.compare('record_differs', path, { deterministic, record: { clock_source: 'virtual_clock' } }, { deterministic: lab.deterministic, record: { clock_source: body.clock_source } })
  if (bundle.replay === null) return
  const { schedule_hash, event_hash, event_count } = bundle.replay
  folder.compare('copies_differ', fileOf(bundle, 'replay.json'), { ...one, semantic_digest }, { schedule_hash, event_hash, event_count, semantic_digest: bundle.replay.semantic_digest })
}

/** The cell was admitted as its realm was, and ran as the engine that the host packet names. */
export function checkAdmission(folder: Folder, bundle: Bundle, run: LiveRunMetadata, packets: ReadonlyMap<string, HostPacket>, left_behind: boolean): void {
  const { engine, host_role, lane_id } = bundle.place
  const path = fileOf(bundle, 'live-run.json')
  folder.compare('admission_differs', path, { lane_id: laneId(engine, host_role, run.admission.route) }, { lane_id })
  if (run.engine === null) {
    folder.compare('admission_differs', path, REALM_UNAVAILABLE, run.admission, 'admission')
    return
  }
  const packet_path = packetPath(engine, host_role, admittanceOf(bundle.scenario ?? {}))
  const packet = packets.get(packet_path)
  if (packet === undefined) {
    if (!folder.paths.has(packet_path)) folder.say('file_missing', packet_path, null, 'the packet of a realm that ran', 'no such file')
    return
  }
  const { engine_product, engine_version, driver, os } = packet
  folder.compare('admission_differs', path, { engine, engine_product, engine_version, driver, os }, run.engine, 'engine')
  // A realm or bridge that could not be had was asked for again: its packet tells of the later try.
  if (left_behind) return
  folder.compare('admission_differs', path, packet.admission, run.admission, 'admission')
  const admitted = bundle.scenario?.expect.admission === undefined && packet.subject.downgrade === undefined ? null : { subject: packet.subject, probe: packet.probe && steady(packet.probe) }
  // A shard admits realms by itself; a merged folder keeps the packet of one.
  folder.compare('admission_differs', path, admitted, run.admitted === undefined ? null : { subject: run.admitted.subject, probe: run.admitted.probe && steady(run.admitted.probe) }, 'admitted')
  run.probes.forEach((probe, at) => {
    if (probe !== null) folder.compare('admission_differs', path, packet.probe && steady(packet.probe), steady(probe), `probes[${at}]`)
  })
}

/** What is the same in every realm of a role in an engine: all but how fine its clock was seen to be. */
const steady = ({ clock_step_ms: _, ...rest }: RealmProbe): Omit<RealmProbe, 'clock_step_ms'> => rest

/** Losses that a result itself shows; the others strike between results. */
const OF_A_RESULT: ReadonlySet<string> = new Set(['engine_crashed', 'realm_not_started', 'realm_crashed', 'realm_silent', 'worker_ended', 'loopback_failed', 'own_server_lost'])

/** Results, their losses and the captured lines belong together: no line is lost, none is out of order, and only a loss keeps a result from being an attempt. */
export function checkResults(folder: Folder, bundle: Bundle, run: LiveRunMetadata, capture: readonly CaptureLine[]): void {
  const path = fileOf(bundle, 'live-run.json')
  const { results, infrastructure } = run
  folder.compare('results_differ', path, results.length, run.probes.length, 'probes.length')
  results.forEach(({ loss, stalled, worker_end }, at) => {
    if (worker_end?.phase === 'in_scenario' && loss === null) folder.say('results_differ', path, `results[${at}].loss`, 'a loss: its worker was ended in the middle of it', loss)
    if (loss !== null && stalled) folder.say('results_differ', path, `results[${at}].stalled`, false, true)
    if (at === results.length - 1 || loss === null) return
    if (at > 0 || loss.what !== 'engine_crashed') folder.say('results_differ', path, `results[${at}].loss`, 'nothing: other results followed', loss.what)
  })
  const last = results.at(-1)?.loss ?? null
  if (last !== null && infrastructure?.what !== 'interrupted') folder.compare('results_differ', path, last, infrastructure, 'infrastructure')
  if (last === null && infrastructure !== null && results.length > 0 && OF_A_RESULT.has(infrastructure.what)) folder.say('results_differ', path, 'infrastructure', 'a loss that the last result shows', infrastructure.what)
  checkLines(folder, fileOf(bundle, 'capture.ndjson'), run, capture)
}

function checkLines(folder: Folder, path: string, { results, admission }: LiveRunMetadata, capture: readonly CaptureLine[]): void {
  let [attempt, seq] = [1, 0]
  for (const [at, line] of capture.entries()) {
    if (line.attempt !== attempt) [attempt, seq] = [Math.max(attempt, line.attempt), 0]
    const wanted = { attempt, event: { seq } }
    if (line.attempt !== attempt || line.event.seq !== seq) {
      folder.compare('order_differs', `${path}:${at + 1}`, wanted, { attempt: line.attempt, event: { seq: line.event.seq } })
      break
    }
    seq += 1
  }
  const stray = capture.find((line) => line.attempt > results.length)
  if (stray) folder.say('results_differ', path, 'attempt', `one of ${results.length} results`, stray.attempt)
  if (admission.route !== 'bridge' && capture.some(({ event }) => event.witness === 'bridge')) folder.say('results_differ', path, 'event.witness', `no bridge on the route ${admission.route}`, 'bridge')
}

/** The command that runs the cell again names the cell and the seed, and nothing else runs with it. */
export function checkCommand(folder: Folder, bundle: Bundle, verdict: Verdict, plan: Plan): void {
  const [, cell, seed, ended] = COMMAND.exec(verdict.repro_command) ?? []
  const path = fileOf(bundle, 'verdict.json')
  const option = plan.end_service_worker === undefined ? '' : ` --end-service-worker ${plan.end_service_worker}`
  if (cell !== bundle.place.cell_id || seed !== String(plan.seed) || ended !== plan.end_service_worker) folder.say('verdict_differs', path, 'repro_command', `lanecheck verify with --cell ${bundle.place.cell_id} --seed ${plan.seed}${option}`, verdict.repro_command)
  if (bundle.replay) folder.compare('copies_differ', fileOf(bundle, 'replay.json'), verdict.repro_command, bundle.replay.repro_command, 'repro_command')
}

const COMMAND = /^(?:npx lanecheck verify|npm run verify --) --subject (?:[\w./@-]+|'(?:[^']|'\\'')*') --cell (\S+) --seed (\d+)(?: --scenarios (?:[\w./@-]+|'(?:[^']|'\\'')*'))*(?: --end-service-worker (between|during))?(?: --wasm (?:inline|url))? --out "\$\(mktemp -d\)"$/
