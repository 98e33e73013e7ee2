import type { HostPacket } from '../contract/host.js'
import type { RunTiers, TierRecord } from '../contract/tiers.js'
import type { Ledger } from '../contract/verdict.js'
import type { SurfaceFamily } from '../contract/vocabulary.js'

/** Files of the repository that a row's floor names: those that hold its checks, fixtures, planted faults and stress. */
export interface RowDuties {
  unit_checks: Readonly<Record<string, readonly string[]>>
  golden_fixtures: Readonly<Record<string, readonly string[]>>
  negative_controls: readonly string[]
  stress: readonly string[]
}

/** A record of the kit's own tests, as it was named to the gate. */
export interface NamedRecord { path: string; sha256: string; record: TierRecord }

/** All that the gate reasons from. */
export interface GateInput {
  /** Of a folder that audits clean. */
  ledger: Ledger
  tiers: RunTiers
  hosts: readonly HostPacket[]
  records: readonly NamedRecord[]
  /** This kit: records and evidence of another one prove nothing of it. */
  kit: { lanecheck_version: string; kit_sha256: string }
  /** Over the kit that ran, as the plan tells; undefined where it does not. */
  run_kit_sha256: string | undefined
  /** What this kit's catalogue asks of every row. */
  asked: RunTiers['asked']
  duties: Readonly<Record<SurfaceFamily, RowDuties>>
  /** SHA-256 of a file of the folder. Throws `internal` for one that is not there. */
  stampOf(path: string): string
  /** SHA-256 over canonical JSON. */
  digest(value: unknown): string
}
