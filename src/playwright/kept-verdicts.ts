import { existsSync } from 'node:fs'
import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { CellIdSchema } from '../contract/lane.js'
import { VerdictTokenSchema } from '../contract/vocabulary.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { jsonText } from '../evidence/bundle.js'
import { readRecord } from '../evidence/ledger-file.js'
import { SAW_NOTHING } from '../judge/asked-again.js'

const SightingSchema = z.strictObject({
  cell_id: CellIdSchema,
  subject: z.string().min(1),
  seed: z.number().int(),
  /** Which try at the test it was: 0 the first, then its retries. */
  retry: z.number().int().min(0),
  verdict: VerdictTokenSchema,
  reason: z.string(),
  /** The evidence folder. */
  folder: z.string(),
})
const FileSchema = z.strictObject({ test_id: z.string(), sightings: z.array(SightingSchema) })

/** One verdict that a test had, in whichever of its tries. */
export type Sighting = z.infer<typeof SightingSchema>

/** All verdicts a test has had over its tries, on disk: a retry runs in another process. */
export interface KeptVerdicts {
  /** Keeps a verdict. Throws `retry_hides_verdict` when an earlier one of the same cell was another; both stay kept. */
  add(sighting: Omit<Sighting, 'retry'>): Promise<void>
  /** Verdicts of earlier tries whose cells this try did not run. */
  unseen(): Sighting[]
}

const SAYS_NOTHING = (one: Pick<Sighting, 'verdict'>): boolean => SAW_NOTHING.has(one.verdict)
const same = (one: Omit<Sighting, 'retry'>, other: Omit<Sighting, 'retry'>): boolean => one.cell_id === other.cell_id && one.subject === other.subject && one.seed === other.seed

/** The first earlier verdict of the same cell that says otherwise; only `infrastructure_loss` and `not_run` may be healed, for they say that nothing was seen. */
export function contradicted(earlier: readonly Sighting[], now: Omit<Sighting, 'retry'>): Sighting | null {
  if (SAYS_NOTHING(now)) return null
  return earlier.find((one) => same(one, now) && !SAYS_NOTHING(one) && one.verdict !== now.verdict) ?? null
}

/** Opens what a test's earlier tries left at `path`; a first try starts afresh. Throws `evidence_invalid`, `output_not_writable`. */
export function keepVerdicts(path: string, test_id: string, retry: number): KeptVerdicts {
  const sightings: Sighting[] = retry > 0 && existsSync(path) ? readRecord(path, FileSchema).sightings : []
  const write = (): Promise<void> => atomicWrite(path, jsonText({ test_id, sightings }))
  let wrote: Promise<void> = Promise.resolve()
  return {
    add: async (sighting) => {
      const before = contradicted(sightings, sighting)
      sightings.push({ ...sighting, retry })
      await (wrote = wrote.then(write))
      if (before !== null) throw hidden(before, { ...sighting, retry })
    },
    unseen: () => {
      const now = sightings.filter((one) => one.retry === retry)
      return sightings.filter((one) => one.retry < retry && !SAYS_NOTHING(one) && !now.some((other) => same(one, other)))
    },
  }
}

const tryName = (retry: number): string => (retry === 0 ? 'the first try' : `retry ${retry}`)

function hidden(before: Sighting, now: Sighting): LanecheckError {
  const says = (one: Sighting): string => `${one.verdict} in ${tryName(one.retry)} (${one.reason}; ${one.folder})`
  return new LanecheckError('retry_hides_verdict', `${now.cell_id} had two verdicts: ${says(before)}, then ${says(now)}`, {
    where: now.cell_id, hint: 'a retry adds an observation and takes none away: only infrastructure_loss and not_run may be healed by one; the kit itself reruns a cell that calls for it',
  })
}

/** The error for a try that would pass because it left out cells that earlier tries have a verdict of. */
export function leftOut(unseen: readonly Sighting[]): LanecheckError {
  const [first] = unseen as [Sighting]
  const more = unseen.length > 1 ? `, and ${unseen.length - 1} more` : ''
  return new LanecheckError('retry_hides_verdict', `${first.cell_id} had ${first.verdict} in ${tryName(first.retry)} (${first.reason}; ${first.folder}) and was not run again${more}`, {
    where: first.cell_id, hint: 'run the same cells, of the same subject and seed, in every retry',
  })
}
