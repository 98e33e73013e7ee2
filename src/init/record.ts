import { z } from 'zod'
import { PackageShapeSchema } from '../inspect/inspection.js'

/** What `lanecheck init --json` prints. */
export const InitReportSchema = z.strictObject({
  schema: z.literal('lanecheck.init.v1'),
  package: z.strictObject({ wanted: z.string().min(1), name: z.string().min(1), version: z.string().min(1), shape: PackageShapeSchema, because: z.string().min(1) }),
  /** Other packages that were found here. */
  others: z.array(z.string()),
  /** What can be called, as its types or its script say. */
  exports: z.array(z.string()),
  inferred: z.strictObject({ requires: z.array(z.string()), host_roles: z.array(z.string()), families: z.array(z.string()) }),
  /** `kept`: it was there already and is as it was. */
  files: z.array(z.strictObject({ path: z.string().min(1), state: z.enum(['written', 'kept']) })),
  /** What is left to write, by file and line. */
  todo: z.array(z.strictObject({ at: z.string().min(1), what: z.string().min(1) })),
  /** Whether the subject starts in the lab as it was written; null where it was not tried. */
  starts: z.strictObject({ ok: z.boolean(), says: z.string().min(1) }).nullable(),
  /** What to type next. */
  next: z.array(z.string().min(1)),
})
export type InitReport = z.infer<typeof InitReportSchema>
