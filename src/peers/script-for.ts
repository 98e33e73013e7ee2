import { LanecheckError } from '../contract/errors.js'

/** The script of the n-th connection or request, counted from 1; the last one repeats. Throws `internal` when there is none. */
export function scriptFor<Script>(scripts: readonly Script[], nth: number): Script {
  const script = scripts[Math.min(nth, scripts.length) - 1]
  if (script === undefined) throw new LanecheckError('internal', `no script for connection ${nth} of a peer with ${scripts.length} scripts`)
  return script
}
