import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SubjectRuntime } from '../../../src/contract/subject.js'
import native from '../../../subjects/native/subject.js'
import { familiesOf } from '../../../subjects/reference/families.js'

/** The package under test: the committed one, or the one that `subject:build --check` has just built. */
const REFERENCE_PKG = resolve(process.env['LANECHECK_REFERENCE_PKG'] ?? 'subjects/reference/pkg')

type ReferencePackage = typeof import('../../../subjects/reference/pkg/lanecheck_reference.js')

/** The crate's package, instantiated as the subject does it. */
export async function loadReference(): Promise<ReferencePackage> {
  const reference = await import(/* @vite-ignore */ pathToFileURL(join(REFERENCE_PKG, 'lanecheck_reference.js')).href) as ReferencePackage
  reference.initSync({ module: await WebAssembly.compile(await readFile(join(REFERENCE_PKG, 'lanecheck_reference_bg.wasm'))) })
  return reference
}

const HOST = { log: (): void => undefined, origin: 'http://127.0.0.1' }

/** Both subjects, started on Node's own globals. */
export const RUNTIMES: Array<{ subject: string; start: () => Promise<SubjectRuntime> }> = [
  { subject: 'native', start: () => native.start(HOST) },
  { subject: 'reference', start: async () => familiesOf(new (await loadReference()).Runtime()) },
]

/** Rejects when `promise` takes longer than any honest wait here does. */
export async function within<Value>(promise: Promise<Value>, limit_ms = 10_000): Promise<Value> {
  const limit = rejectLater(limit_ms)
  try {
    return await Promise.race([promise, limit.promise])
  } finally {
    limit.stop()
  }
}

function rejectLater(ms: number): { promise: Promise<never>; stop: () => void } {
  let timer: ReturnType<typeof setTimeout>
  const promise = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms) })
  return { promise, stop: () => clearTimeout(timer) }
}
