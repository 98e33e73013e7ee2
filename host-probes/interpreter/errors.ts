import { record } from '../trace.js'
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
  if (!(error instanceof FamilyAbsent)) {
    record({ witness: 'subject', kind: 'subject.threw', id, name: nameOf(error), message: messageOf(error), trap: error instanceof WebAssembly.RuntimeError })
  }
  context.stop()
}

export const nameOf = (error: unknown): string => (isErrorLike(error) ? error.name : 'NonError')
export const messageOf = (error: unknown): string => (isErrorLike(error) ? error.message : String(error)).slice(0, 2000)
const isErrorLike = (error: unknown): error is { name: string; message: string } =>
  typeof error === 'object' && error !== null && 'name' in error && 'message' in error
