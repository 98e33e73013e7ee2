import { SOURCES, type ArtifactSources } from '../../src/contract/artifact-sources.js'

/** As many frames say where a call came from. */
const FRAMES = 8
const POSITION = /:(\d+):\d+\)?$/
const WASM = /wasm-function\[\d+\]|\[wasm code\]|wasm:\/\//

/**
 * The frames of the subject in a stack, innermost first: `poll (src/poll.ts:12)`, `add (wasm-function[7])`. What the harness
 * itself did is left out, and so is what the engine says without a place.
 */
export function subjectFrames(stack: string): string[] {
  const sources = (globalThis as unknown as Record<symbol, ArtifactSources | undefined>)[Symbol.for(SOURCES)]
  return stack.split('\n').flatMap((line) => frameOf(line.trim(), sources)).slice(0, FRAMES)
}

function frameOf(line: string, sources: ArtifactSources | undefined): string[] {
  const name = nameOf(line)
  if (WASM.test(line)) return [placed(name, /wasm-function\[\d+\]/.exec(line)?.[0] ?? 'wasm')]
  const at = POSITION.exec(line)?.[1]
  if (at === undefined) return []
  // Without the artifact's own word on its sources nobody can tell whose frame it is.
  if (sources === undefined) return [placed(name, `line ${at} of the artifact`)]
  const place = sourceOf(Number(at) - shiftOf(sources), sources)
  return place === null ? [] : [placed(name, place)]
}

const placed = (name: string, place: string): string => (name === '' || name === place ? place : `${name} (${place})`)

/** V8: `at async poll (…)`; SpiderMonkey and JavaScriptCore: `poll@…`. */
const nameOf = (line: string): string => (/^at (?:async )?(.+?) \(/.exec(line)?.[1] ?? /^([^@]*)@/.exec(line)?.[1] ?? '').replace(/^.*wasm-function.*$/, '')

/** Where the artifact is evaluated inside of something else, all its lines are further down. */
const shiftOf = ({ at, line }: ArtifactSources): number => {
  const here = at.split('\n').map((one) => POSITION.exec(one.trim())?.[1]).find((found) => found !== undefined)
  return here === undefined ? 0 : Number(here) - line
}

function sourceOf(line: number, { files }: ArtifactSources): string | null {
  for (const [file, runs] of Object.entries(files)) {
    for (const [from, to, source] of runs) if (line >= from && line <= to) return `${file}:${source + line - from}`
  }
  return null
}
