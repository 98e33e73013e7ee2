import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import wabt from 'wabt'
import { inspectPackage } from '../../../src/inspect/inspect.js'
import type { Inspection } from '../../../src/inspect/inspection.js'

const made = await wabt()
/** WASM of a text. */
export function wasmOf(wat: string): Uint8Array<ArrayBuffer> {
  const module = made.parseWat('made-up.wat', wat, { threads: true })
  const { buffer } = module.toBinary({})
  module.destroy()
  return new Uint8Array(buffer)
}

/** Inspects a package of these files, made up for it. */
export async function inspected(files: Record<string, string | Uint8Array>, manifest: Record<string, unknown> = {}): Promise<Inspection> {
  const folder = mkdtempSync(join(tmpdir(), 'lanecheck-inspect-'))
  try {
    for (const [path, text] of Object.entries({ 'package.json': JSON.stringify({ name: 'made-up', version: '1.2.3', type: 'module', main: 'index.js', ...manifest }), ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return await inspectPackage('.', folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the inspection says of one use. */
export const useOf = ({ uses }: Inspection, what: string): Inspection['uses'][number] | undefined => uses.find((use) => use.what === what)
/** What it says of one role. */
export const roleOf = ({ inferred }: Inspection, role: string): Inspection['inferred']['host_roles'][number] => inferred.host_roles.find(({ host_role }) => host_role === role)!
