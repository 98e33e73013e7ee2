import { z } from 'zod'
import { DigestSchema } from './evidence.js'
import { LaneIdSchema, ScenarioIdSchema } from './lane.js'
import { EngineSchema, HostRoleSchema, SurfaceFamilySchema, TierSchema } from './vocabulary.js'

/** Tests of one file under one tier and row; a title that names neither has null, and then proves nothing. */
export const TestedSchema = z.strictObject({
  tier: TierSchema.nullable(),
  surface_family: SurfaceFamilySchema.nullable(),
  /** Of a lane test, its engine; null for one that needs none. */
  engine: EngineSchema.nullable(),
  /** Relative to the repository, with slashes. */
  file: z.string().min(1),
  passed: z.number().int().min(0),
  failed: z.number().int().min(0),
  skipped: z.number().int().min(0),
})
export type Tested = z.infer<typeof TestedSchema>

/** What a run of the kit's own tests met: T0, T1, T4, T5. */
export const TierRecordSchema = z.strictObject({
  schema: z.literal('lanecheck.tier-record.v1'),
  lanecheck_version: z.string().min(1),
  /** SHA-256 over the built kit that was tested. */
  kit_sha256: DigestSchema,
  /** True when only some tests were asked for: then what failed counts, and what passed does not. */
  selected: z.boolean(),
  tests: z.array(TestedSchema),
  /** SHA-256 of each test file, and of each golden fixture that a row names. */
  files: z.record(z.string(), DigestSchema),
})
export type TierRecord = z.infer<typeof TierRecordSchema>

const CoveredSchema = z.strictObject({
  met: z.boolean(),
  /** Scenarios asked for that have no verdict here, or one that says that nothing was seen. */
  missing: z.array(ScenarioIdSchema),
})

/** `tiers.json`: T2 and T3, as a run met them by its own verdicts. */
export const RunTiersSchema = z.strictObject({
  schema: z.literal('lanecheck.run-tiers.v1'),
  run_id: z.string().min(1),
  /** What the kit's catalogue held for the rows of the run: the smoke scenarios, and the whole family. */
  asked: z.partialRecord(SurfaceFamilySchema, z.strictObject({
    T2: z.array(ScenarioIdSchema),
    T3: z.array(ScenarioIdSchema),
    /** The roles that each of them is for; all roles of the row are these. */
    host_roles: z.record(ScenarioIdSchema, z.array(HostRoleSchema).min(1)),
  })),
  lanes: z.array(z.strictObject({
    surface_family: SurfaceFamilySchema,
    lane_id: LaneIdSchema,
    T2: CoveredSchema,
    /** Of this lane alone. */
    T3: CoveredSchema,
    /** SHA-256 over the verdicts of this row and lane, in the plan's order. */
    verdicts_sha256: DigestSchema,
  })),
  /** T3 of a row: in every realm that its scenarios are for, each of them that the realm admits; `missing` names realms as `<engine>.<host_role>`. */
  pilots: z.array(z.strictObject({ surface_family: SurfaceFamilySchema, met: z.boolean(), missing: z.array(z.string().min(1)) })),
})
export type RunTiers = z.infer<typeof RunTiersSchema>
