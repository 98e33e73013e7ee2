import { SOURCES, type ArtifactSources } from '../../src/contract/artifact-sources.js'

/** As many frames say where a call came from. */
const FRAMES = 8
const POSITION = /:(\d+):\d+\)?$/
/** Modules of Node's and of the kit's server, as V8 writes their places; a realm has its scripts by addresses. */
const SERVER = /^(?:node:|file:|\/|[A-Za-z]:\\)/
const WASM = /wasm-function\[\d+\]|\[wasm code\]|wasm:\/\//

const sourcesHere = (): ArtifactSources | undefined => (globalThis as unknown as Record<symbol, ArtifactSources | undefined>)[Symbol.for(SOURCES)]

/**
 * The frames of the subject in a stack, innermost first: `poll (src/poll.ts:12)`, `add (wasm-function[7])`. What the harness
 * itself did is left out, and so is what the engine says without a place.
 */
export function subjectFrames(stack: string): string[] {
  const sources = sourcesHere()
  return stack.split('\n').flatMap((line) => frameOf(line.trim(), sources)).slice(0, FRAMES)
}

function frameOf(line: string, sources: ArtifactSources | undefined): string[] {
  const name = nameOf(line)
  if (WASM.test(line)) return [placed(name, /wasm-function\[\d+\]/.exec(line)?.[0] ?? 'wasm')]
  const at = POSITION.exec(line)?.[1]
  if (at === undefined) return []
  // Without the artifact's own word on its sources nobody can tell whose frame it is.
  if (sources === undefined) return [placed(name, `line ${at} of the artifact`)]
  const artifact = ownFrame(sources)
  // What a driver injects, or a subject makes of text, has lines of its own.
  if (artifact !== undefined && scriptOf(artifact) !== scriptOf(line)) return []
  const place = sourceOf(Number(at) - shiftOf(sources), sources)
  return place === null ? [] : [placed(name, place)]
}

const placed = (name: string, place: string): string => (name === '' || name === place ? place : `${name} (${place})`)

/** V8: `at async poll (…)`; SpiderMonkey and JavaScriptCore: `poll@…`. */
const nameOf = (line: string): string => (/^at (?:async )?(.+?) \(/.exec(line)?.[1] ?? /^([^@]*)@/.exec(line)?.[1] ?? '').replace(/^.*wasm-function.*$/, '')

/** The script that a frame is of: its address, or of what is evaluated the place where that is done. */
const scriptOf = (frame: string): string => frame.replace(POSITION, '').replace(/^at (?:async )?(?:[^(]* \()?|^[^@]*@/, '')

/** The frame in which the artifact told its own place; undefined where the engine gave none. */
const ownFrame = ({ at }: ArtifactSources): string | undefined => at.split('\n').map((one) => one.trim()).find((one) => POSITION.test(one))

/** Where the artifact is evaluated inside of something else, all its lines are further down. */
const shiftOf = (sources: ArtifactSources): number => {
  const here = ownFrame(sources)
  return here === undefined ? 0 : Number(POSITION.exec(here)![1]) - sources.line
}

/**
 * Whether a call was the subject's own; where the artifact says nothing of its sources, all are taken for it. What Node does in
 * JavaScript on the subject's behalf, as when `fetch` listens to the signal it is given, engines do out of sight: it is the server's.
 */
export function isSubjectCall(stack: string): boolean {
  const sources = sourcesHere()
  if (sources === undefined) return true
  const isServers = (line: string): boolean => POSITION.test(line) && SERVER.test(scriptOf(line))
  const callers = stack.split('\n').map((line) => line.trim())
  const innermost = callers.find((line) => frameOf(line, sources).length > 0 || isServers(line))
  return innermost !== undefined && frameOf(innermost, sources).length > 0
}

function sourceOf(line: number, { files }: ArtifactSources): string | null {
  for (const [file, runs] of Object.entries(files)) {
    for (const [from, to, source] of runs) if (line >= from && line <= to) return `${file}:${source + line - from}`
  }
  return null
}
