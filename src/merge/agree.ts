import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { HostPacketSchema, type HostPacket } from '../contract/host.js'
import type { ShardRecord } from '../contract/shard.js'
import { canonicalDigest } from '../evidence/digest.js'
import { readRecord } from '../evidence/ledger-file.js'
import { missingShards, shardName } from '../run/shards.js'
import type { Part } from './part.js'

const differ = (message: string, where: string, hint: string): LanecheckError => new LanecheckError('shards_differ', message, { where, hint })

/** All parts are of one plan: the same artifact, kit, cells and cut. Throws `shards_differ`. */
export function onePlan(parts: readonly Part[]): void {
  const [first, ...rest] = parts as [Part, ...Part[]]
  for (const part of rest) samePlan(first, part)
  const cuts = new Map<string | null, { shard: ShardRecord; dir: string }>()
  for (const { dir, shards } of parts) {
    for (const shard of shards) {
      const one = cuts.get(shard.engine) ?? { shard, dir }
      cuts.set(shard.engine, one)
      if (shard.kit_sha256 !== first.shards[0]!.kit_sha256) throw anotherKit({ dir }, first)
      if (shard.of !== one.shard.of) throw differ(`${dir} holds shard ${shardName(shard)}, and ${one.dir} shard ${shardName(one.shard)}`, dir, 'cut the plan into as many shards everywhere')
      if (shard.cut_sha256 !== one.shard.cut_sha256) throw differ(`${dir} and ${one.dir} hold shards of two cuts: cells were shared out by other times`, dir, 'give every shard the same file with --times')
    }
  }
}

const anotherKit = ({ dir }: Pick<Part, 'dir'>, first: Part): LanecheckError => differ(`${dir} was run by another build of lanecheck than ${first.dir}`, dir, 'run all shards with the same build')

/** No shard of the plan is absent. Throws `shard_missing`, naming those that are. */
export function complete(parts: readonly Part[]): void {
  const missing = missingShards(parts[0]!.plan, parts.flatMap(({ shards }) => shards))
  if (missing.length === 0) return
  throw new LanecheckError('shard_missing', `of the plan ${missing.length === 1 ? 'a shard is' : 'shards are'} missing: ${missing.join(', ')}`, { hint: 'run what is missing, as in: lanecheck verify --shard ' + missing[0] })
}

function samePlan(first: Part, part: Part): void {
  if (part.plan.artifact_sha256 !== first.plan.artifact_sha256) {
    const named = ({ dir, plan }: Part): string => `${dir}: ${plan.subject.name} ${plan.subject.version}, ${plan.artifact_sha256.slice(0, 12)}…`
    throw differ(`two artifacts ran (${named(first)}; ${named(part)})`, part.dir, 'run all shards with the same subject, from the same sources')
  }
  if (part.plan.kit_sha256 !== first.plan.kit_sha256) throw anotherKit(part, first)
  if (canonicalDigest(part.plan) === canonicalDigest(first.plan)) return
  const what = part.plan.seed !== first.plan.seed ? 'its seed' : part.plan.config_hash !== first.plan.config_hash ? 'its scenarios' : 'its cells'
  throw differ(`${part.dir} holds a shard of another plan than ${first.dir}: ${what} ${what === 'its seed' ? 'is another' : 'are others'}`, part.dir, '--engine, --role, --scenario and --seed name the whole plan: give every shard the same')
}

/** No cell has two verdicts; the same one twice is one. Throws `shards_differ`, naming the cell. */
export function noDoubles(parts: readonly Part[]): void {
  const seen = new Map<string, { dir: string; digest: string }>()
  for (const { dir, ledger, files } of parts) {
    for (const verdict of ledger.verdicts) {
      const digest = canonicalDigest([verdict, files[`${verdict.artifact_bundle}/bundle.json`] ?? null])
      const before = seen.get(verdict.cell_id)
      if (before !== undefined && before.digest !== digest) throw differ(`${verdict.cell_id} ran twice: in ${before.dir} and in ${dir}`, dir, 'leave one of them out: which of two runs counts is nothing that merge decides')
      seen.set(verdict.cell_id, { dir, digest })
    }
  }
}

/** An engine is one product and version, on one system, in all parts. Throws `shards_differ`. */
export function sameEngines(parts: readonly Part[]): void {
  const seen = new Map<string, { dir: string; text: string }>()
  for (const { dir, ledger } of parts) {
    for (const { engine, engine_product, engine_version, driver, os } of ledger.run.engines) {
      const text = `${engine_product} ${engine_version} (${driver}, ${os})`
      const before = seen.get(engine)
      if (before !== undefined && before.text !== text) throw differ(`two engines ran as ${engine}: ${before.text} in ${before.dir}, ${text} in ${dir}`, dir, 'a lane is of one engine: run its shards on the same system, or keep two runs')
      seen.set(engine, { dir, text })
    }
  }
}

/** Where several parts hold a file of the same path, the part whose file is taken. Throws `shards_differ` when they do not say the same. */
export function oneOfEach(parts: readonly Part[]): Map<string, Part> {
  const taken = new Map<string, Part>()
  for (const part of parts) {
    for (const [path, sha256] of Object.entries(part.files)) {
      const before = taken.get(path)
      if (before === undefined) taken.set(path, part)
      else if (!MADE_ANEW.has(path) && before.files[path] !== sha256 && !sameRealm(path, before.dir, part.dir)) {
        throw differ(`${path} is not the same in ${before.dir} and ${part.dir}`, part.dir, 'the same realm was seen in two ways: run one of these shards again')
      }
    }
  }
  return taken
}

/** Of the run as a whole; every part has its own. */
export const MADE_ANEW: ReadonlySet<string> = new Set(['ledger.json', 'ledger.ndjson', 'tiers.json'])

/** Each part admits realms by itself; what it saw is the same but for how fine a clock was seen to be. */
function sameRealm(path: string, one: string, other: string): boolean {
  if (!path.startsWith('hosts/')) return false
  const [a, b] = [one, other].map((dir) => steady(readRecord(join(dir, path), HostPacketSchema)))
  return a === b
}

const steady = (packet: HostPacket): string => canonicalDigest({ ...packet, probe: packet.probe && { ...packet.probe, clock_step_ms: 0 } })
