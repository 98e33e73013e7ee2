import type { Plan } from '../contract/verdict.js'
import { fileOf, type Bundle } from './bundle.js'
import type { Folder } from './folder.js'
import { artifactPath, BUNDLE_FILES, type BundleFile } from './places.js'

/** The bundle holds the files that its index names, byte for byte, and those that its cell must have. */
export function checkFiles(folder: Folder, bundle: Bundle): void {
  const { index, place } = bundle
  if (index === null) {
    if (folder.paths.has(fileOf(bundle, 'bundle.json'))) return
    folder.say('file_missing', fileOf(bundle, 'bundle.json'), null, 'digests of the bundle\'s files', 'no such file')
    // Without a verdict too it is no bundle at all: what lies there was put there.
    if (bundle.verdict !== null) return
    for (const name of BUNDLE_FILES) if (folder.paths.has(fileOf(bundle, name))) folder.say('file_added', fileOf(bundle, name), null, 'a file of a bundle', 'one beside which there is none')
    return
  }
  for (const [name, stamp] of Object.entries(index.files)) {
    const kept = folder.stamp(`${place.path}/${name}`)
    if (kept === null) folder.say('file_missing', `${place.path}/${name}`, null, `a file of ${stamp.bytes} bytes`, 'no such file')
    else if (kept.sha256 !== stamp.sha256) folder.say('digest_differs', `${place.path}/${name}`, null, stamp.sha256, kept.sha256)
    else if (kept.bytes !== stamp.bytes) folder.say('digest_differs', fileOf(bundle, 'bundle.json'), `files.${name}.bytes`, kept.bytes, stamp.bytes)
  }
  for (const name of BUNDLE_FILES) {
    const path = fileOf(bundle, name)
    if (name !== 'bundle.json' && folder.paths.has(path) && !Object.hasOwn(index.files, name)) folder.say('file_added', path, null, 'a file that bundle.json names', 'one that it does not name')
  }
  checkPresence(folder, bundle)
}

/** What a cell must have kept, by what was seen of it. */
function checkPresence(folder: Folder, bundle: Bundle): void {
  const results = bundle.run?.results ?? []
  const [ran, attempted] = [results.length > 0, results.some(({ loss }) => loss === null)]
  const lab = folder.paths.has(fileOf(bundle, 'lab.json'))
  const due: Array<[name: BundleFile, due: boolean]> = [
    ['scenario.json', true], ['live-run.json', true], ['verdict.json', true], ['replay.json', lab], ['lab.json', ran],
    ['capture.ndjson', ran], ['downgrade.json', ran && bundle.run?.admission.route === 'bridge'], ['worker-end.json', results.some(({ worker_end }) => worker_end !== undefined)], ['live.json', attempted], ['capture-manifest.json', attempted],
  ]
  for (const [name, is] of due) {
    const there = folder.paths.has(fileOf(bundle, name))
    if (is && !there) folder.say('file_missing', fileOf(bundle, name), null, 'what such a cell keeps', 'no such file')
    if (!is && there && name !== 'lab.json' && bundle.run !== null) folder.say('file_added', fileOf(bundle, name), null, 'nothing: live-run.json tells of no such thing', 'a file')
  }
}

/** Every record is of the cell, lane and scenario of its folder. */
export function checkPlaces(folder: Folder, bundle: Bundle): void {
  const { place, index, scenario, lab, live, run, replay, manifest, downgrade, worker_end, verdict } = bundle
  const { cell_id, lane_id, engine, host_role, scenario_id } = place
  const check = (name: BundleFile, expected: unknown, found: unknown): void => folder.compare('misplaced', fileOf(bundle, name), expected, found)
  if (index) check('bundle.json', { cell_id, lane_id }, { cell_id: index.cell_id, lane_id: index.lane_id })
  if (scenario) check('scenario.json', { id: scenario_id }, { id: scenario.id })
  if (lab) check('lab.json', { scenario_id, record: { scenario_id } }, { scenario_id: lab.scenario_id, record: { scenario_id: lab.record.scenario_id } })
  if (live) {
    const attempts = live.attempts.map(({ record }) => ({ record: { scenario_id: record.scenario_id } }))
    check('live.json', { scenario_id, attempts: attempts.map(() => ({ record: { scenario_id } })) }, { scenario_id: live.scenario_id, attempts })
  }
  if (run) check('live-run.json', { cell_id, lane_id }, { cell_id: run.cell_id, lane_id: run.lane_id })
  if (replay) check('replay.json', { cell_id }, { cell_id: replay.cell_id })
  if (manifest) check('capture-manifest.json', { lane_id, scenario_id }, { lane_id: manifest.lane_id, scenario_id: manifest.scenario_id })
  if (downgrade) check('downgrade.json', { cell_id, lane_id, scenario_id }, pick(downgrade, ['cell_id', 'lane_id', 'scenario_id']))
  if (worker_end) check('worker-end.json', { cell_id, lane_id, scenario_id }, pick(worker_end, ['cell_id', 'lane_id', 'scenario_id']))
  if (verdict) check('verdict.json', { cell_id, lane_id, scenario_id, engine, host_role }, pick(verdict, ['cell_id', 'lane_id', 'scenario_id', 'engine', 'host_role']))
}

const pick = <Value extends object, Key extends keyof Value>(value: Value, keys: readonly Key[]): Pick<Value, Key> =>
  Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<Value, Key>

/** Every record is of this run: its id, its configuration, its artifact, its seed. */
export function checkRun(folder: Folder, bundle: Bundle, plan: Plan): void {
  const { index, lab, run, replay, downgrade } = bundle
  const { run_id, config_hash, artifact_sha256, seed } = plan
  const check = (name: BundleFile, expected: unknown, found: unknown): void => folder.compare('other_run', fileOf(bundle, name), expected, found)
  if (index) check('bundle.json', { run_id }, { run_id: index.run_id })
  if (lab) check('lab.json', { seed, artifact_sha256 }, pick(lab, ['seed', 'artifact_sha256']))
  if (run) check('live-run.json', { config_hash, artifact_sha256 }, pick(run, ['config_hash', 'artifact_sha256']))
  if (downgrade) check('downgrade.json', { artifact_sha256 }, pick(downgrade, ['artifact_sha256']))
  if (replay) {
    check('replay.json', { seed, config_hash, artifact_sha256, artifact_path: artifactPath(artifact_sha256) }, pick(replay, ['seed', 'config_hash', 'artifact_sha256', 'artifact_path']))
  }
}
