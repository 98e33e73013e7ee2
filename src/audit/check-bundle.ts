import type { HostPacket } from '../contract/host.js'
import type { Plan } from '../contract/verdict.js'
import { readBundle, fileOf, type Bundle } from './bundle.js'
import { checkFiles, checkPlaces, checkRun } from './check-files.js'
import { checkAdmission, checkCommand, checkLab, checkResults } from './check-records.js'
import { derive, type Derived, type Kept } from './derive.js'
import type { Folder } from './folder.js'
import type { BundlePlace } from './places.js'

/** Checks a bundle from its bytes to its verdict; `left_behind`: its cell was asked for again and has its verdict elsewhere. `derived` says whether the verdict came out of it again. */
export function checkBundle(folder: Folder, place: BundlePlace, plan: Plan | null, packets: ReadonlyMap<string, HostPacket>, left_behind: boolean): Bundle & { derived: boolean } {
  const bundle = readBundle(folder, place)
  // 1. The bytes are those that were kept.
  checkFiles(folder, bundle)
  // 2. Each record belongs here, and to this run.
  checkPlaces(folder, bundle)
  if (plan !== null) checkRun(folder, bundle, plan)
  // 3. What is derived from changed bytes tells nothing more.
  const kept = folder.blamed(`${place.path}/`) ? null : keptOf(folder, bundle)
  if (kept === null) return { ...bundle, derived: false }
  // 4. The records agree with each other.
  if (kept.lab) checkLab(folder, bundle, kept.lab)
  checkAdmission(folder, bundle, kept.run, packets, left_behind)
  checkResults(folder, bundle, kept.run, kept.capture)
  if (plan !== null && bundle.verdict) checkCommand(folder, bundle, bundle.verdict, plan)
  // 5. Everything that was made of the capture comes out of it again, last of all the verdict.
  checkDerived(folder, bundle, kept)
  return { ...bundle, derived: !folder.blamed(`${place.path}/`) }
}

/** Null when a record is missing that nothing can be derived without. */
function keptOf(folder: Folder, bundle: Bundle): Kept | null {
  const { place, scenario, run, verdict, lab, live } = bundle
  const capture = (bundle.capture ?? []).flatMap((line) => line ?? [])
  if (scenario === null || run === null || verdict === null) return null
  return { place, scenario, lab, run, live, capture, capture_sha256: folder.stamp(fileOf(bundle, 'capture.ndjson'))?.sha256 ?? '', repro_command: verdict.repro_command }
}

function checkDerived(folder: Folder, bundle: Bundle, kept: Kept): void {
  const derived = derive(kept)
  checkCapture(folder, bundle, kept, derived)
  if (bundle.manifest) folder.compare('capture_differs', fileOf(bundle, 'capture-manifest.json'), plain(derived.manifest), bundle.manifest)
  if (bundle.downgrade) folder.compare('downgrade_differs', fileOf(bundle, 'downgrade.json'), plain(derived.downgrade), bundle.downgrade)
  if (bundle.worker_end) folder.compare('worker_end_differs', fileOf(bundle, 'worker-end.json'), plain(derived.worker_end), bundle.worker_end)
  if (bundle.live) folder.compare('record_differs', fileOf(bundle, 'live.json'), plain(derived.attempts), bundle.live.attempts, 'attempts')
  const path = fileOf(bundle, 'verdict.json')
  if (typeof derived.verdict === 'string') folder.say('verdict_differs', path, null, 'a verdict without contradiction', derived.verdict)
  else folder.compare('verdict_differs', path, plain(derived.verdict), bundle.verdict)
}

/** Two records vouch for the capture; by its bytes and by its events. */
function checkCapture(folder: Folder, bundle: Bundle, { run, capture, capture_sha256 }: Kept, { event_hash, trace_fingerprint }: Derived): void {
  const { manifest } = bundle
  if (manifest && manifest.capture_sha256 !== capture_sha256) folder.say('capture_differs', fileOf(bundle, 'capture.ndjson'), null, `as capture-manifest.json says, ${manifest.capture_sha256}`, capture_sha256)
  folder.compare('capture_differs', fileOf(bundle, 'live-run.json'), { event_hash, trace_fingerprint, event_count: capture.length },
    { event_hash: run.event_hash, trace_fingerprint: run.trace_fingerprint, event_count: run.event_count })
}

/** As it reads once it was written. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown
