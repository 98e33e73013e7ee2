import { isLanecheckError, LanecheckError } from '../../src/contract/errors.js'
import { firstLine } from './limit.js'
import type { EngineFound } from './types.js'

/** The error for a launch that failed, with the program that was tried and what to try by hand. */
export function launchFailed(found: EngineFound, cause: unknown): LanecheckError {
  if (isLanecheckError(cause)) return cause
  return new LanecheckError('engine_launch_failed', `${found.engine} did not start: ${firstLine(cause)}`, {
    where: found.executable_path,
    hint: `Run \`${found.executable_path} --version\`; if that fails too, install ${found.engine} again.`,
    cause,
  })
}
