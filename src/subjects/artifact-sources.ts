import { realpathSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join, relative } from 'node:path'
import { SOURCES, type ArtifactSources } from '../contract/artifact-sources.js'
import { packageRoot } from '../package-root.js'

/** As the bundler gives it. */
interface Bundled { code: string; map: { sources: string[]; names: string[]; mappings: string; version: number; file?: string } | null }

/** Further right than any line of an artifact is long. */
const END_OF_LINE = 1 << 30
/** Where the bundler takes the artifact to be: its map names sources relative to this folder of the root. */
const OUT = 'dist'

/**
 * The artifact with its own word, on a line behind all others, on which of its lines are the subject's and where they come from:
 * a realm then tells the subject's frames in a stack from the harness's. `folder`: that of the subject's module; names of files are relative
 * to it, so that the same subject is the same artifact in every folder.
 */
export function withSources({ code, map }: Bundled, folder: string): string {
  if (map === null) return code
  // The bundler knows modules by their real places, wherever links lead.
  const root = realpathSync(folder)
  const body = code.endsWith('\n') ? code : `${code}\n`
  const line = body.split('\n').length
  const files = filesOf(body.split('\n').length - 1, map, root)
  return `${body};globalThis[Symbol.for(${JSON.stringify(SOURCES)})] = { at: String(new Error().stack), line: ${line}, files: ${JSON.stringify(files)} };\n`
}

function filesOf(lines: number, map: NonNullable<Bundled['map']>, root: string): ArtifactSources['files'] {
  const mapped = new SourceMap({ file: '', sourcesContent: [], sourceRoot: '', ...map } as ConstructorParameters<typeof SourceMap>[0])
  const files: ArtifactSources['files'] = {}
  for (let line = 1; line <= lines; line++) {
    const found = mapped.findEntry(line - 1, END_OF_LINE) as { generatedLine?: number; originalSource?: string; originalLine?: number }
    const name = found.generatedLine === line - 1 && found.originalSource ? nameOf(found.originalSource, root) : null
    if (name === null) continue
    const runs = (files[name] ??= [])
    const source = (found.originalLine ?? 0) + 1
    const last = runs.at(-1)
    if (last !== undefined && last[1] === line - 1 && last[2] + line - last[0] === source) last[1] = line
    else runs.push([line, line, source])
  }
  return files
}

/** Relative to the subject's folder, or from the package on that it comes from; null for the harness's own. */
function nameOf(source: string, root: string): string | null {
  if (source.startsWith('\0')) return null
  const path = join(root, OUT, source.replace(/[?#].*$/, ''))
  const own = relative(packageRoot(), path)
  if (/^(?:dist\/)?(?:host-probes|bridge|src)\//.test(own) || HARNESS.test(path)) return null
  const inPackage = path.lastIndexOf('node_modules/')
  return inPackage < 0 ? relative(root, path) : path.slice(inPackage + 'node_modules/'.length)
}

/** What the harness brings along. */
const HARNESS = /node_modules\/(?:comlink|@noble\/hashes)\//
