import { z } from 'zod'
import { EngineIdentitySchema } from '../contract/host.js'
import { DigestSchema } from '../contract/evidence.js'
import { EngineSchema, SupportClassSchema, SurfaceFamilySchema } from '../contract/vocabulary.js'

const Days = z.number().int().min(1)
const Products = z.partialRecord(EngineSchema, EngineIdentitySchema.shape.engine_product)

/** What an author says of a subject: a surface, in lanes, is supported so, with at least so much evidence. */
export const ClaimSchema = z.strictObject({
  surface: SurfaceFamilySchema,
  /** Globs over `<engine>.<host_role>`, as in `firefox.*`; each lane that they span needs evidence of its own. */
  lanes: z.array(z.string().min(1)).min(1),
  support: SupportClassSchema,
  /** Glob over scenario ids; the whole surface when left out. */
  scenarios: z.string().min(1).optional(),
  least_evidence: z.strictObject({
    /** Cells a lane. */
    cells: z.number().int().min(1),
    max_age_days: Days.optional(),
  }),
})
export type Claim = z.infer<typeof ClaimSchema>

/** A fenced `lane-claims` block, in YAML. */
export const ClaimsBlockSchema = z.strictObject({
  /** The subject's name, or `name@version`; the name may have a scope. */
  subject: z.string().min(1),
  /** What must have run as an engine, as in `webkit: webkitgtk`. */
  products: Products.optional(),
  claims: z.array(ClaimSchema).min(1),
})
export type ClaimsBlock = z.infer<typeof ClaimsBlockSchema>

/** Whom a block speaks of. The `@` that begins a name is its scope's. */
export function subjectOf({ subject }: ClaimsBlock): { name: string; version: string | undefined } {
  const at = subject.lastIndexOf('@')
  return at > 0 ? { name: subject.slice(0, at), version: subject.slice(at + 1) } : { name: subject, version: undefined }
}

/** `lanecheck.claims.yaml`: limits for all documents, and phrases that the lint lets stand. */
export const ClaimsConfigSchema = z.strictObject({
  /** Evidence older than this is stale. */
  max_age_days: Days.optional(),
  /** Least version of an engine that must have run, as in `chromium: '156'`. */
  engine_versions: z.partialRecord(EngineSchema, z.string().regex(/^\d+(\.\d+)*$/, 'want a version, as in 156 or 2.50')).optional(),
  /** SHA-256 of the artifact that must have run, by the subject's name. */
  artifacts: z.record(z.string(), DigestSchema).optional(),
  allow: z.array(z.strictObject({ phrase: z.string().min(1), reason: z.string().min(1) })).optional(),
})
export type ClaimsConfig = z.infer<typeof ClaimsConfigSchema>

/** Everything a check of documents can find. Errors are claims beyond their evidence, warnings claims below it. */
export const CLAIM_CODES = {
  malformed: { severity: 'error', says: 'the block cannot be read as claims' },
  names_no_lane: { severity: 'error', says: 'the pattern spans no lane' },
  without_evidence: { severity: 'error', says: 'a lane that the claim spans has no evidence' },
  too_little_evidence: { severity: 'error', says: 'a lane has fewer cells than the claim itself asks for' },
  stronger_than_evidence: { severity: 'error', says: 'the claim says more than the verdicts do' },
  bridge_only_as_direct: { severity: 'error', says: 'a downgrade to a server bridge is claimed as direct support' },
  without_promotion: { severity: 'error', says: 'shared-worker parity is claimed and no gate packet promotes the lane' },
  weaker_than_evidence: { severity: 'warning', says: 'the verdicts say more than the claim does' },
  stale: { severity: 'error', says: 'the evidence is older than the limit' },
  engine_too_old: { severity: 'error', says: 'an older engine ran than the limit asks for' },
  other_product: { severity: 'error', says: 'another product ran than the claim names' },
  other_subject: { severity: 'error', says: 'another version or artifact of the subject ran' },
  table_out_of_date: { severity: 'error', says: 'the generated table is not what the evidence gives' },
  table_malformed: { severity: 'error', says: 'the marker of a generated table cannot be read' },
  promises_too_much: { severity: 'error', says: 'prose outside the claims promises what no lane-scoped evidence can hold' },
  names_other_product: { severity: 'warning', says: 'prose names a product that did not run' },
} as const satisfies Record<string, { severity: 'error' | 'warning'; says: string }>
export type ClaimCode = keyof typeof CLAIM_CODES
const CODES = Object.keys(CLAIM_CODES) as [ClaimCode, ...ClaimCode[]]

export const ClaimFindingSchema = z.strictObject({
  code: z.enum(CODES),
  severity: z.enum(['error', 'warning']),
  file: z.string(),
  line: z.number().int().min(1),
  column: z.number().int().min(1),
  says: z.string(),
  /** The sentence to write instead; null when there is none to offer. */
  instead: z.string().nullable(),
})
export type ClaimFinding = z.infer<typeof ClaimFindingSchema>

/** What `lanecheck claims check --json` prints. */
export const ClaimsReportSchema = z.strictObject({
  schema: z.literal('lanecheck.claims.v1'),
  documents: z.number().int().min(0),
  claims: z.number().int().min(0),
  tables: z.number().int().min(0),
  findings: z.array(ClaimFindingSchema),
})
export type ClaimsReport = z.infer<typeof ClaimsReportSchema>

/** A place in a document, from 1. */
export interface Place { line: number; column: number }
