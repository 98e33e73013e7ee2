import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CanaryRecordSchema } from '../contract/canary.js'
import { LanecheckError } from '../contract/errors.js'
import { EngineIdentitySchema, HostPacketSchema, type EngineIdentity } from '../contract/host.js'
import type { Engine } from '../contract/vocabulary.js'
import { readRecord } from '../evidence/ledger-file.js'

const MEMBERS = ['engine_product', 'engine_version', 'driver', 'os'] as const satisfies ReadonlyArray<keyof EngineIdentity>

type Known = Partial<EngineIdentity> & Pick<EngineIdentity, 'engine'>

/** Whether an engine is the one that an earlier try at the run had; a run is of one product and version of an engine. Throws `output_holds_another_run`, `evidence_invalid`. */
export function sameEngineAgain(dir: string, resume: boolean): (identity: Known) => void {
  const earlier = new Map<Engine, EngineIdentity>(resume ? [...hostsIn(dir), ...identitiesIn(dir, 'canaries', CanaryRecordSchema)].map((identity) => [identity.engine, identity]) : [])
  return (identity) => {
    const before = earlier.get(identity.engine)
    const other = before && MEMBERS.find((member) => identity[member] !== undefined && identity[member] !== before[member])
    if (before === undefined || other === undefined) return
    throw new LanecheckError('output_holds_another_run', `${dir} holds cells that ran in ${identity.engine} with ${other} ${before[other]}; this is ${identity[other]}`, {
      where: dir, hint: 'go on where that engine is, or run all cells in an empty folder with --out DIR',
    })
  }
}

/** What the host packets of a folder name as engines, once a packet. Throws `evidence_invalid`. */
export const hostsIn = (dir: string): EngineIdentity[] => identitiesIn(dir, 'hosts', HostPacketSchema)

function identitiesIn(dir: string, folder: string, schema: typeof HostPacketSchema | typeof CanaryRecordSchema): EngineIdentity[] {
  return namesIn(join(dir, folder)).map((name) => EngineIdentitySchema.strip().parse(readRecord<EngineIdentity>(join(dir, folder, name), schema)))
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}
