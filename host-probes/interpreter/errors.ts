import { shortText, textOf } from '../short-text.js'
import { record } from '../trace.js'
import { takePanic } from '../recorder/panics.js'
import { FamilyAbsent, type Context } from './context.js'

/** Makes a callback whose errors are the subject's (or the scenario's own steps in it), not the host's. */
export function guarded(context: Context, id: string, run: () => void): () => void {
  return () => {
    try {
      run()
    } catch (error) {
      threw(context, id, error)
    }
  }
}

/** Keeps what the subject threw and ends the run. */
export function threw(context: Context, id: string, error: unknown): void {
  if (!(error instanceof FamilyAbsent)) recordThrown(id, error)
  context.stop()
}

let last: string | null = null
/** What the subject threw last, in one line; null when it threw nothing. */
export const lastThrown = (): string | null => last

/** Keeps what the subject threw: its words and its stack are the engine's own, so that they are never compared. */
export function recordThrown(id: string, error: unknown): void {
  const [trap, stack] = [isTrap(error), stackOf(error)]
  const panic = trap ? takePanic() : null
  last = `${nameOf(error)}: ${messageOf(error)}${panic === null ? '' : ` (${panic})`}`
  record({
    witness: 'subject', kind: 'subject.threw', id, name: nameOf(error), message: messageOf(error), trap,
    ...(stack === null ? {} : { stack }), ...(panic === null ? {} : { panic }),
  })
}

const TEXT_LIMIT = 2000
const STACK_LIMIT = 4000
const CAUSES_LIMIT = 8

/** A frame inside WebAssembly, as V8, SpiderMonkey and JavaScriptCore write it. */
const IN_WASM = /wasm:\/\/|wasm-function\[|\[wasm code\]/
/** Running out of stack: a RangeError, or SpiderMonkey's InternalError. */
const OUT_OF_STACK = /call stack|too much recursion|stack overflow/i

/** A trap inside WebAssembly, also one that an error of the package's own tells of as its cause, or running out of stack there, for which engines throw no RuntimeError. */
export function isTrap(error: unknown): boolean {
  let at = error
  for (let depth = 0; depth < CAUSES_LIMIT && isErrorLike(at); depth++) {
    if (at instanceof WebAssembly.RuntimeError || at.name === 'RuntimeError') return true
    if (OUT_OF_STACK.test(messageOf(at)) && IN_WASM.test(textOf((at as { stack?: unknown }).stack))) return true
    at = (at as { cause?: unknown }).cause
  }
  return false
}

/** The stack where there is one, without the addresses of this machine and run. */
function stackOf(error: unknown): string | null {
  const stack = isErrorLike(error) ? (error as { stack?: unknown }).stack : null
  if (typeof stack !== 'string' || stack === '') return null
  const placeless = stack.replace(/\b(?:https?|file):\/\/[^\s()]*\//g, '').replace(/(?<=[\s(@])\/[^\s():]*\//g, '')
  return shortText(placeless, STACK_LIMIT)
}

/** Anything may be thrown, and may have anything for its name: both are text here whatever they are. */
export const nameOf = (error: unknown): string => (isErrorLike(error) ? shortText(error.name, TEXT_LIMIT) : 'NonError')
export const messageOf = (error: unknown): string => shortText(isErrorLike(error) ? error.message : error, TEXT_LIMIT)
const isErrorLike = (error: unknown): error is { name: unknown; message: unknown } =>
  typeof error === 'object' && error !== null && 'name' in error && 'message' in error
