import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { seeScript, type ScriptSeen } from './script-uses.js'

const MOST_FILES = 400
const MOST_BYTES = 64 * 2 ** 20
/** What a bundler for browsers takes first. */
const CONDITIONS = ['browser', 'import', 'module', 'default', 'require']

const Manifest = z.looseObject({ name: z.string().optional(), version: z.string().optional(), exports: z.unknown().optional(), module: z.unknown().optional(), main: z.unknown().optional(), browser: z.unknown().optional(), type: z.unknown().optional() })
export type Manifest = z.infer<typeof Manifest>

export interface WasmFile { path: string; held: 'separate' | 'embedded_base64' | 'embedded_gzip'; bytes: Uint8Array<ArrayBuffer> }
export interface PackageFiles {
  folder: string
  manifest: Manifest
  entry: string
  scripts: Array<{ path: string; source: string; seen: ScriptSeen }>
  wasm: WasmFile[]
  unread: string[]
}

/** Finds a package by folder or by name from `from`, and reads what its browser entry leads to. Throws `package_not_found`, `package_unreadable`. */
export function packageFiles(wanted: string, from: string): PackageFiles {
  const folder = folderOf(wanted, from)
  const manifest = manifestOf(folder)
  const entry = entryOf(folder, manifest)
  const files: PackageFiles = { folder, manifest, entry, scripts: [], wasm: [], unread: [] }
  const queue = [join(folder, entry)]
  for (const taken = new Set(queue); queue.length > 0;) {
    const file = queue.shift()!
    const path = relative(folder, file)
    if (file.endsWith('.wasm')) {
      files.wasm.push({ path, held: 'separate', bytes: bytesOf(file) })
      continue
    }
    if (files.scripts.length >= MOST_FILES) {
      files.unread.push(`${path} and what follows: more than ${MOST_FILES} scripts`)
      break
    }
    const script = scriptOf(file, path)
    if (typeof script === 'string') {
      files.unread.push(script)
      continue
    }
    files.scripts.push(script)
    files.wasm.push(...script.seen.long_texts.flatMap((text) => embedded(text).map((one) => ({ ...one, path }))))
    for (const next of led(script.seen, file, files.unread, path)) {
      if (taken.has(next)) continue
      taken.add(next)
      queue.push(next)
    }
  }
  return files
}

function folderOf(wanted: string, from: string): string {
  const direct = resolve(from, wanted)
  if (existsSync(join(direct, 'package.json'))) return direct
  if (!wanted.startsWith('.') && !wanted.startsWith('/')) {
    const homes = createRequire(join(from, 'from.js')).resolve.paths(wanted) ?? []
    const home = homes.map((path) => join(path, wanted)).find((path) => existsSync(join(path, 'package.json')))
    if (home !== undefined) return home
  }
  throw new LanecheckError('package_not_found', 'there is no package of this name, and no folder with a package.json', { where: wanted, hint: 'name a folder (./pkg) or a package that is installed here (npm install NAME)' })
}

function manifestOf(folder: string): Manifest {
  const file = join(folder, 'package.json')
  try {
    return Manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new LanecheckError('package_unreadable', `package.json cannot be read: ${error instanceof z.ZodError ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') : error instanceof Error ? error.message : String(error)}`, { where: file, cause: error })
  }
}

/** The first file of these conditions in a field that may be a text or a tree of conditions. */
function under(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  const tree = value as Record<string, unknown>
  if ('.' in tree) return under(tree['.'])
  for (const condition of CONDITIONS) {
    const found = condition in tree ? under(tree[condition]) : null
    if (found !== null) return found
  }
  return null
}

function entryOf(folder: string, { exports, browser, module, main }: Manifest): string {
  const named = [under(exports), typeof browser === 'string' ? browser : null, under(module), under(main), 'index.js'].filter((name) => name !== null)
  const entry = named.map((name) => located(join(folder, name))).find((file) => file !== null)
  if (entry === undefined || entry === null) throw new LanecheckError('package_unreadable', `no entry is there: looked for ${[...new Set(named)].join(', ')}`, { where: join(folder, 'package.json'), hint: 'build the package first' })
  return relative(folder, entry)
}

const isFile = (file: string): boolean => existsSync(file) && statSync(file).isFile()
const located = (file: string): string | null => [file, `${file}.js`, `${file}.mjs`, `${file}.cjs`, join(file, 'index.js')].find(isFile) ?? null

function bytesOf(file: string): Uint8Array<ArrayBuffer> {
  if (statSync(file).size > MOST_BYTES) throw new LanecheckError('package_unreadable', `the file is larger than ${MOST_BYTES} bytes`, { where: file })
  return new Uint8Array(readFileSync(file))
}

function scriptOf(file: string, path: string): PackageFiles['scripts'][number] | string {
  const source = new TextDecoder().decode(bytesOf(file))
  try {
    return { path, source, seen: seeScript(source) }
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}

/** The package's own files that a script leads to; what is not its own is named. */
function led({ modules, wasm_names }: ScriptSeen, file: string, unread: string[], path: string): string[] {
  const of_modules = modules.filter((name) => name.startsWith('.')).map((name) => located(resolve(dirname(file), name)) ?? name)
  for (const name of modules) if (!name.startsWith('.')) unread.push(`${path}: ${name} is another package`)
  for (const name of of_modules) if (name.startsWith('.')) unread.push(`${path}: ${name} is not there`)
  const wasm = wasm_names.map((name) => join(dirname(file), name.startsWith('.') ? name : basename(name))).filter(isFile)
  return [...of_modules.filter((name) => !name.startsWith('.')), ...wasm]
}

const WASM_MAGIC = [0, 0x61, 0x73, 0x6d]
const startsAsWasm = (bytes: Uint8Array): boolean => WASM_MAGIC.every((byte, at) => bytes[at] === byte)

/** WASM that a text holds in base64, as it is or gzipped. */
function embedded(text: string): Array<Omit<WasmFile, 'path'>> {
  const base64 = text.replace(/^data:[^,]*;base64,/, '')
  if (base64.startsWith('AGFzb')) return [{ held: 'embedded_base64', bytes: new Uint8Array(Buffer.from(base64, 'base64')) }]
  if (!base64.startsWith('H4sI')) return []
  try {
    const bytes = new Uint8Array(gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_BYTES }))
    return startsAsWasm(bytes) ? [{ held: 'embedded_gzip', bytes }] : []
  } catch {
    return []
  }
}
