import { join } from 'node:path'
import { RunTiersSchema, type RunTiers } from '../contract/tiers.js'
import type { Ledger } from '../contract/verdict.js'
import { askedOf, runTiers } from '../judge/run-tiers.js'
import { CATALOGUE } from '../scenarios/catalogue.js'
import { atomicWrite } from './atomic-write.js'
import { jsonText } from './bundle.js'
import { canonicalDigest } from './digest.js'
import { TIERS_FILE } from './ledger-file.js'

/** Writes `tiers.json`: which of the tiers T2 and T3 a run met, by its own verdicts. Throws `output_not_writable`, `disk_full`. */
export async function writeRunTiers(dir: string, { run, verdicts }: Ledger): Promise<RunTiers> {
  const asked = askedOf(CATALOGUE, verdicts.map(({ surface_family }) => surface_family))
  const tiers = RunTiersSchema.parse(runTiers(run.run_id, asked, verdicts, canonicalDigest))
  await atomicWrite(join(dir, TIERS_FILE), jsonText(tiers))
  return tiers
}
