import { RunTiersSchema } from '../contract/tiers.js'
import { canonicalDigest } from '../evidence/digest.js'
import { LEDGER_FILE, LEDGER_LINES_FILE, TIERS_FILE } from '../evidence/ledger-file.js'
import { runTiers } from '../judge/run-tiers.js'
import type { Ledgers } from './check-ledger.js'
import type { Folder } from './folder.js'

/** The tiers that the run says it met come out of its verdicts; whether the catalogue asks for more today is the gate's question. */
export function checkTiers(folder: Folder, { ledger }: Ledgers): void {
  if (!folder.paths.has(TIERS_FILE)) {
    if (!folder.unfinished) folder.say('file_missing', TIERS_FILE, null, 'which tiers the run met', 'no such file')
    return
  }
  const kept = folder.record(TIERS_FILE, RunTiersSchema)
  // Nothing is derived from verdicts that are in doubt themselves.
  if (kept === null || ledger === null || ['bundles/', LEDGER_FILE, LEDGER_LINES_FILE].some((path) => folder.blamed(path))) return
  folder.compare('other_run', TIERS_FILE, ledger.run.run_id, kept.run_id, 'run_id')
  const rows = new Set(ledger.verdicts.map(({ surface_family }) => surface_family))
  folder.compare('tiers_differ', TIERS_FILE, [...rows].sort(), Object.keys(kept.asked).sort(), 'asked')
  folder.compare('tiers_differ', TIERS_FILE, runTiers(kept.run_id, kept.asked, ledger.verdicts, canonicalDigest), kept)
}
