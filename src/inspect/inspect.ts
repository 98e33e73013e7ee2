import { CAPABILITIES, MATRIX_HOST_ROLES, type Capability } from '../contract/vocabulary.js'
import { packageFiles, type PackageFiles } from './package-files.js'
import { needOf } from './needs.js'
import type { Inspection, PackageShape, RoleInferred, Use, WasmSeen } from './inspection.js'
import { hostName, seeWasm } from './wasm-seen.js'

/** Reads what a package seems to need of a host: a folder or the name of an installed package. Throws `package_not_found`, `package_unreadable`, `wasm_invalid`. */
export async function inspectPackage(wanted: string, from: string): Promise<Inspection> {
  const files = packageFiles(wanted, from)
  const wasm: WasmSeen[] = []
  const imported = new Set<string>()
  for (const { path, held, bytes } of files.wasm) {
    const { seen, import_names } = await seeWasm(path, held, bytes)
    wasm.push(seen)
    for (const name of import_names) imported.add(name)
  }
  const uses = usesOf(files, wasm, imported)
  return {
    schema: 'lanecheck.inspection.v1',
    package: { name: files.manifest.name ?? '(no name)', version: files.manifest.version ?? '(no version)', entry: files.entry },
    shape: shapeOf(files, wasm),
    wasm,
    scripts: files.scripts.map(({ path, source }) => ({ path, bytes: Buffer.byteLength(source) })),
    uses,
    inferred: { requires: requiresOf(uses, wasm), families: familiesOf(uses), host_roles: MATRIX_HOST_ROLES.map((role) => takes(role, uses, wasm)) },
    unread: [...new Set(files.unread)],
  }
}

/** Each thing once for WASM and once for scripts, at its first place; guarded only where all places are. */
function usesOf({ scripts }: PackageFiles, wasm: readonly WasmSeen[], imported: ReadonlySet<string>): Use[] {
  const uses = new Map<string, Use>()
  const add = (use: Use): void => {
    const key = `${use.by} ${use.what}`
    const before = uses.get(key)
    uses.set(key, before === undefined ? use : { ...before, guarded: before.guarded && use.guarded })
  }
  for (const { path, seen } of scripts) {
    for (const { what, line, guarded, import_name } of seen.uses) {
      // Glue of an import that the WASM does not take is there for nothing.
      if (import_name !== null && !imported.has(import_name)) continue
      add({ what, capability: needOf(what)?.capability ?? null, by: import_name === null ? 'script' : 'wasm', guarded, at: `${path}:${line}` })
    }
  }
  for (const { path, imports } of wasm) {
    for (const { name } of imports) {
      const what = hostName(name)
      if (needOf(what) !== null && !uses.has(`wasm ${what}`)) add({ what, capability: needOf(what)?.capability ?? null, by: 'wasm', guarded: false, at: `${path}: import ${name}` })
    }
  }
  return [...uses.values()].sort((one, other) => (one.by === other.by ? (one.what < other.what ? -1 : 1) : one.by === 'wasm' ? -1 : 1))
}

const needed = (uses: readonly Use[]): Use[] => uses.filter(({ guarded }) => !guarded)
const threaded = (wasm: readonly WasmSeen[]): boolean => wasm.some(({ memory }) => memory?.shared === true)

function requiresOf(uses: readonly Use[], wasm: readonly WasmSeen[]): Capability[] {
  const asked = new Set<Capability | null>(needed(uses).map(({ capability }) => capability))
  if (wasm.length > 0) asked.add('webassembly')
  if (threaded(wasm)) asked.add('shared_array_buffer')
  return CAPABILITIES.filter((capability) => asked.has(capability))
}

/** What loading the WASM itself takes, glue does by `fetch`: that is no family that users see. */
function familiesOf(uses: readonly Use[]): Inspection['inferred']['families'] {
  const seen = new Set(uses.filter(({ by, what }) => by === 'wasm' || what !== 'fetch').flatMap(({ what }) => needOf(what)?.family ?? []))
  return (['timers', 'sockets', 'requests', 'events'] as const).filter((family) => seen.has(family))
}

function takes(host_role: RoleInferred['host_role'], uses: readonly Use[], wasm: readonly WasmSeen[]): RoleInferred {
  const because = (list: 'not_in' | 'perhaps_not_in', of: readonly Use[]): string[] =>
    of.flatMap(({ what, at }) => { const need = needOf(what); return need?.[list]?.includes(host_role) === true ? [`${what} ${need.why} (${at})`] : [] })
  const refused = because('not_in', needed(uses))
  if (refused.length > 0) return { host_role, takes: 'no', why: refused }
  const doubted = [...because('perhaps_not_in', needed(uses)), ...because('not_in', uses.filter(({ guarded }) => guarded)).map((why) => `${why}, but it asks first`)]
  if (threaded(wasm)) doubted.push(host_role === 'window' || host_role === 'dedicated_worker' ? 'shared memory wants a cross-origin isolated page, and an engine that has it there' : 'shared memory: few engines isolate this role')
  return { host_role, takes: doubted.length > 0 ? 'perhaps' : 'yes', why: doubted }
}

function shapeOf({ entry, scripts, manifest }: PackageFiles, wasm: readonly WasmSeen[]): PackageShape {
  if (wasm.length === 0) return 'javascript'
  const glue = wasm.some(({ imports }) => imports.some(({ name }) => name.startsWith('__wb')))
  if (!glue) return 'wasm_with_glue'
  const texts = scripts.map(({ source }) => source)
  if (texts.some((text) => /require\((['"`])fs\1\)/.test(text))) return 'wasm_pack_nodejs'
  if (texts.some((text) => /let wasm_bindgen\b|wasm_bindgen\s*=\s*\(function|\(function\s*\(\s*exports?\s*\)|document\.currentScript/.test(text)) && manifest.type !== 'module') return 'wasm_pack_no_modules'
  if (scripts.some(({ path, seen }) => path === entry && seen.modules.some((name) => name.endsWith('.wasm')))) return 'wasm_pack_bundler'
  return texts.some((text) => text.includes('__wbg_init') || text.includes('async function init(')) ? 'wasm_pack_web' : 'wasm_with_glue'
}
