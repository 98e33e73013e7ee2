import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LanecheckError, isLanecheckError } from '../contract/errors.js'
import { CanaryRecordSchema, type CanaryRecord } from '../contract/canary.js'
import type { EngineIdentity, HostPacket } from '../contract/host.js'
import { packetPath } from '../contract/page-conditions.js'
import type { ShardRecord } from '../contract/shard.js'
import type { Ledger, Plan, Verdict } from '../contract/verdict.js'
import type { Engine } from '../contract/vocabulary.js'
import { atomicWrite, outputError } from '../evidence/atomic-write.js'
import { jsonText } from '../evidence/bundle.js'
import { canariesIn, canaryPath } from '../evidence/canary-file.js'
import { LEDGER_FILE, openLedgerLines, readLedgerLines, readPlan, writeLedger, writePlan, type LedgerLines } from '../evidence/ledger-file.js'
import { holdsOnlyARun, openOutput } from '../evidence/output.js'
import { readShards, writeShard } from '../evidence/shard-file.js'
import { writeRunTiers } from '../evidence/tiers-file.js'
import { askedAgain } from '../judge/asked-again.js'
import { holdOutput } from './output-lock.js'
import { sameEngineAgain } from './same-engine.js'
import { firstSession, shardName } from './shards.js'

export interface OutputChoice {
  dir: string
  /** No option named the folder: a run that it holds is kept beside it. */
  is_default: boolean
  /** Go on with the run that the folder holds. */
  resume: boolean
  /** Over the built kit; another's run is not gone on with. Left out, nobody asks. */
  kit_sha256?: string
}

/** The evidence folder of a run, open, and no other run's until it is closed. */
export interface RunOutput {
  dir: string
  /** Verdicts of an earlier, cut-off try at the same run that still stand. */
  standing: Verdict[]
  /** It holds a run that came to its end. */
  complete: boolean
  /** Throws `output_holds_another_run` when an earlier try had another engine. */
  sameEngine(identity: Partial<EngineIdentity> & Pick<EngineIdentity, 'engine'>): void
  writePlan(plan: Plan): Promise<void>
  writePacket(packet: HostPacket): Promise<void>
  writeCanaries(record: CanaryRecord): Promise<void>
  /** The number of the last session of an engine that the folder knows of; when there is none, the one before the first. */
  lastSession(engine: Engine): number
  append(verdict: Verdict): void
  /** With the tiers that it met. */
  writeLedger(ledger: Ledger): Promise<void>
  close(): void
}

/** Makes the folder ready for a run, which alone writes there until it is closed. Throws `output_holds_another_run`, `output_not_writable`, `disk_full`. */
export async function openRunOutput(choice: OutputChoice, run_id: string, shard: ShardRecord | null = null): Promise<RunOutput> {
  const release = await holdOutput(choice.dir)
  try {
    const output = await openHeld(choice, run_id, shard)
    return {
      ...output,
      close: () => {
        output.close()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

async function openHeld({ dir, is_default, resume, kit_sha256 }: OutputChoice, run_id: string, shard: ShardRecord | null): Promise<RunOutput> {
  const state = await stateOf(dir, is_default && !resume, run_id)
  if (state === 'same_run' && !resume) {
    throw new LanecheckError('output_holds_another_run', `${dir} holds an earlier try at this run`, { where: '--out', hint: 'choose an empty folder with --out DIR, or go on with that run with --resume' })
  }
  if (state === 'same_run') sameShard(dir, shard)
  if (state === 'same_run' && kit_sha256 !== undefined) sameKit(dir, kit_sha256)
  const standing = resume ? readLedgerLines(dir).filter((verdict) => !askedAgain(verdict)) : []
  let lines: LedgerLines | null = null
  return {
    dir,
    standing,
    complete: existsSync(join(dir, LEDGER_FILE)),
    // Nothing comes before the plan: a folder with anything else in it would not be known as a run's.
    writePlan: async (plan) => {
      await writePlan(dir, plan)
      if (shard !== null) await writeShard(dir, shard)
      lines = openLedgerLines(dir)
    },
    writePacket: (packet) => atomicWrite(join(dir, packetPath(packet.engine, packet.host_role, packet)), jsonText(packet)),
    writeCanaries: (record) => atomicWrite(join(dir, canaryPath(record.engine, record.session)), jsonText(CanaryRecordSchema.parse(record))),
    sameEngine: sameEngineAgain(dir, resume),
    lastSession: (engine) => Math.max(shard === null ? 0 : firstSession(shard) - 1, ...canariesIn(dir).filter((place) => place.engine === engine).map(({ session }) => session)),
    append: (verdict) => (lines ??= openLedgerLines(dir)).append(verdict),
    writeLedger: async (ledger) => {
      await writeRunTiers(dir, ledger)
      await writeLedger(dir, ledger)
    },
    close: () => lines?.close(),
  }
}

/** A shard goes on as the shard it was: of the same cells, by the same kit. Throws `output_holds_another_run`. */
function sameShard(dir: string, shard: ShardRecord | null): void {
  const kept = readShards(dir)
  const found = kept.length === 0 ? 'a run in one piece' : `shard ${kept.map(shardName).join(', ')}`
  const hint = 'go on with the options that it was started with, or choose an empty folder with --out DIR'
  const refuse = (message: string): never => { throw new LanecheckError('output_holds_another_run', message, { where: dir, hint }) }
  if (shard === null ? kept.length > 0 : kept.length !== 1 || shardName(kept[0]!) !== shardName(shard)) refuse(`${dir} holds ${found}, not ${shard === null ? 'a run in one piece' : `shard ${shardName(shard)}`}`)
  if (shard === null || kept[0] === undefined) return
  if (kept[0].kit_sha256 !== shard.kit_sha256) refuse(`${dir} holds ${found} as another build of lanecheck ran it`)
  if (kept[0].cut_sha256 !== shard.cut_sha256) refuse(`${dir} holds ${found} of another cut: the times that cells are shared out by were others`)
}

/** What two builds of the kit saw is not one run. Throws `output_holds_another_run`. */
function sameKit(dir: string, kit_sha256: string): void {
  if (readPlan(dir).kit_sha256 === kit_sha256) return
  throw new LanecheckError('output_holds_another_run', `${dir} holds a run of another build of lanecheck`, { where: dir, hint: 'go on with the build that it was started with, or run all cells in an empty folder with --out DIR' })
}

async function stateOf(dir: string, may_replace: boolean, run_id: string): Promise<'empty' | 'same_run'> {
  try {
    const state = await openOutput(dir, run_id)
    if (state === 'empty' || !may_replace) return state
  } catch (error) {
    if (!may_replace || !isLanecheckError(error) || error.code !== 'output_holds_another_run') throw error
  }
  await moveAside(dir)
  return openOutput(dir, run_id)
}

/** One run back is kept; what a person wants for longer has a name of its own. Nothing but runs of lanecheck is moved or removed. */
async function moveAside(dir: string): Promise<void> {
  const previous = `${dir}.previous`
  for (const folder of [dir, previous]) await holdsOnlyARun(folder)
  try {
    await rm(previous, { recursive: true, force: true })
    await rename(dir, previous)
  } catch (error) {
    throw outputError(previous, error)
  }
}
