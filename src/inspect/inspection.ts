import { z } from 'zod'
import { DigestSchema } from '../contract/evidence.js'
import { CapabilitySchema, HostRoleSchema } from '../contract/vocabulary.js'

/** How a package brings its WASM. The first four are wasm-pack's targets. */
export const PACKAGE_SHAPES = ['wasm_pack_web', 'wasm_pack_bundler', 'wasm_pack_nodejs', 'wasm_pack_no_modules', 'wasm_with_glue', 'javascript'] as const
export const PackageShapeSchema = z.enum(PACKAGE_SHAPES)
export type PackageShape = z.infer<typeof PackageShapeSchema>

/** A limit of a WASM memory, in pages of 64 KiB. Source: WebAssembly Core, 5.3.8 (limits) and threads' shared flag. */
export const MemorySchema = z.strictObject({ imported: z.boolean(), shared: z.boolean(), least_pages: z.number().int().min(0), most_pages: z.number().int().min(0).nullable() })
export type Memory = z.infer<typeof MemorySchema>

export const WasmSeenSchema = z.strictObject({
  /** The file that holds it, relative to the package. */
  path: z.string().min(1),
  held: z.enum(['separate', 'embedded_base64', 'embedded_gzip']),
  bytes: z.number().int().min(1),
  gzip_bytes: z.number().int().min(1),
  sha256: DigestSchema,
  /** Without wasm-bindgen's hash, which changes with each of its versions. */
  imports: z.array(z.strictObject({ module: z.string(), name: z.string(), kind: z.enum(['function', 'table', 'memory', 'global', 'tag']) })),
  exports: z.array(z.strictObject({ name: z.string(), kind: z.enum(['function', 'table', 'memory', 'global', 'tag']) })),
  memory: MemorySchema.nullable(),
  /** Target features and tools, as the module's own custom sections tell; empty where they were stripped. */
  features: z.array(z.string()),
  processed_by: z.array(z.string()),
  /** What a panic does: it ends the call by a trap, or may be caught as an exception; and whether its message is told first. */
  panics: z.strictObject({ by: z.enum(['trap', 'exception', 'unknown']), told: z.boolean() }),
})
export type WasmSeen = z.infer<typeof WasmSeenSchema>

export const UseSchema = z.strictObject({
  /** The global, module or syntax: `setTimeout`, `node:fs`, `import()`. */
  what: z.string().min(1),
  capability: CapabilitySchema.nullable(),
  /** The WASM itself, through an import, or the scripts around it. */
  by: z.enum(['wasm', 'script']),
  /** The file asks whether it is there before it is used. */
  guarded: z.boolean(),
  /** `file:line` of the first place. */
  at: z.string().min(1),
})
export type Use = z.infer<typeof UseSchema>

export const RoleInferredSchema = z.strictObject({ host_role: HostRoleSchema, takes: z.enum(['yes', 'perhaps', 'no']), why: z.array(z.string()) })
export type RoleInferred = z.infer<typeof RoleInferredSchema>

/** What a package seems to need of a host, read from its files and never run. */
export const InspectionSchema = z.strictObject({
  schema: z.literal('lanecheck.inspection.v1'),
  package: z.strictObject({ name: z.string().min(1), version: z.string().min(1), entry: z.string().min(1) }),
  shape: PackageShapeSchema,
  wasm: z.array(WasmSeenSchema),
  scripts: z.array(z.strictObject({ path: z.string().min(1), bytes: z.number().int().min(0) })),
  uses: z.array(UseSchema),
  /** Read off the uses; a realm alone can prove it. */
  inferred: z.strictObject({ requires: z.array(CapabilitySchema), families: z.array(z.enum(['timers', 'sockets', 'requests', 'events'])), host_roles: z.array(RoleInferredSchema) }),
  /** What could not be read or followed. */
  unread: z.array(z.string()),
})
export type Inspection = z.infer<typeof InspectionSchema>
