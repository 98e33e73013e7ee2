import { CanaryRecordSchema, CANARIES, type CanaryRecord } from '../contract/canary.js'
import type { HostPacket } from '../contract/host.js'
import type { Plan } from '../contract/verdict.js'
import type { Engine, VerdictToken } from '../contract/vocabulary.js'
import { judgeCanary } from '../canary/judge-canary.js'
import { canaryPath, canaryPlace } from '../evidence/canary-file.js'
import { canonicalDigest } from '../evidence/digest.js'
import { fileOf, type Bundle } from './bundle.js'
import type { Folder } from './folder.js'

/** Each session's canaries by their path: they belong where they lie and to this run, and what they came to comes out of what was seen of them. */
export function checkCanaries(folder: Folder, plan: Plan | null, packets: ReadonlyMap<string, HostPacket>): Map<string, CanaryRecord> {
  const records = new Map<string, CanaryRecord>()
  for (const path of folder.paths) {
    const place = canaryPlace(path)
    const record = place === null ? null : folder.record(path, CanaryRecordSchema)
    if (place === null || record === null) continue
    records.set(path, record)
    const { engine, session, engine_product, engine_version, driver, os } = record
    folder.compare('misplaced', path, place, { engine, session })
    if (plan !== null) folder.compare('other_run', path, { run_id: plan.run_id, artifact_sha256: plan.artifact_sha256 }, { run_id: record.run_id, artifact_sha256: record.artifact_sha256 })
    const packet = [...packets.values()].find((one) => one.engine === engine)
    if (packet) folder.compare('admission_differs', path, identity(packet), { engine_product, engine_version, driver, os })
    folder.compare('canary_differs', path, derived(record), { good: record.good, canaries: record.canaries })
  }
  return records
}

const identity = ({ engine_product, engine_version, driver, os }: HostPacket): object => ({ engine_product, engine_version, driver, os })

function derived({ canaries }: CanaryRecord): Pick<CanaryRecord, 'good' | 'canaries'> {
  const judged = CANARIES.map((canary, at) => judgeCanary(canary, canaries[at]!.seen, canonicalDigest))
  return { good: judged.every(({ good }) => good), canaries: judged }
}

/** Verdicts that say that nothing was seen; they rest on no session. */
const RESTS_ON_NOTHING: ReadonlySet<VerdictToken> = new Set(['infrastructure_loss', 'not_run'])

/** No verdict without good canaries: each attempt names its session; what ran nowhere live rests on some session of its engine. */
export function checkSessions(folder: Folder, records: ReadonlyMap<string, CanaryRecord>, bundles: readonly Bundle[]): void {
  for (const bundle of bundles) {
    const { run, verdict, place } = bundle
    if (run === null || verdict === null || folder.blamed(`${place.path}/`)) continue
    const path = fileOf(bundle, 'live-run.json')
    run.results.forEach(({ session, loss }, at) => {
      if (session === null && loss === null) folder.say('canary_missing', path, `results[${at}].session`, 'the session that it ran in', session)
      if (session !== null) checkSession(folder, records, place.engine, session, path, `results[${at}].session`)
    })
    const live = run.results.some(({ loss }) => loss === null)
    if (live || RESTS_ON_NOTHING.has(verdict.verdict)) continue
    const good = [...records.values()].some((record) => record.engine === place.engine && record.good)
    if (!good) folder.say('canary_missing', fileOf(bundle, 'verdict.json'), 'verdict', `good canaries of a session of ${place.engine}`, 'none')
  }
}

function checkSession(folder: Folder, records: ReadonlyMap<string, CanaryRecord>, engine: Engine, session: number, path: string, field: string): void {
  const kept = canaryPath(engine, session)
  const record = records.get(kept)
  if (record?.good === true) return
  if (record === undefined && folder.paths.has(kept)) return
  folder.say('canary_missing', record === undefined ? kept : path, record === undefined ? null : field, 'a session with good canaries', record === undefined ? 'no such file' : `session ${session}, whose canaries are bad`)
}
