import { LimitExceeded, within } from '../../lanes/engines/limit.js'
import { DOCTOR_CHECKS, DoctorReportSchema, type DoctorFinding, type DoctorReport } from '../contract/doctor.js'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import { worstExit } from '../judge/exit-code.js'
import { packageVersion } from '../package-root.js'
import { failed, type Check, type Told } from './check.js'
import { display, engines, webkitParts } from './checks/engines.js'
import { claimsConfig, diskSpace, expectations, outputWritable, scenarios, subject } from './checks/input.js'
import { certificate, loopback, proxy } from './checks/loopback.js'
import { clock, memory, openFiles, rustTools, sharedMemory } from './checks/machine.js'
import { build, driver, node } from './checks/package.js'
import type { Desk, DoctorOptions } from './desk.js'

/** All checks, in the order of the vocabulary. */
export const CHECKS: readonly Check[] = [node, build, driver, ...engines, display, webkitParts, loopback, proxy, certificate, outputWritable, diskSpace, sharedMemory, memory, openFiles, clock, rustTools, subject, scenarios, expectations, claimsConfig]
  .sort((one, other) => DOCTOR_CHECKS.indexOf(one.check) - DOCTOR_CHECKS.indexOf(other.check))

/** Runs all checks one after another, each within its own limit; `heard` is called as each ends. Throws `interrupted`. */
export async function examine(desk: Desk, options: DoctorOptions, heard: (finding: DoctorFinding) => void = () => undefined, checks: readonly Check[] = CHECKS): Promise<DoctorReport> {
  const found: DoctorFinding[] = []
  const codes: Array<Check['spoils']> = []
  for (const check of checks) {
    const told = { check: check.check, ...await bounded(check, desk, options) }
    if (options.signal.aborted) throw new LanecheckError('interrupted', 'the examination was interrupted')
    if (told.status === 'failed') codes.push(check.spoils)
    found.push(told)
    heard(told)
  }
  return DoctorReportSchema.parse({ schema: 'lanecheck.doctor.v1', lanecheck_version: packageVersion(), checks: found, exit_code: worstExit(codes) })
}

/** A check that fails in a way it did not foresee, or never ends, has failed. */
async function bounded({ check, limit_ms, run }: Check, desk: Desk, options: DoctorOptions): Promise<Told> {
  const stop = new AbortController()
  try {
    return await within(limit_ms, `the check of ${check}`, run(desk, options, AbortSignal.any([stop.signal, options.signal])), options.signal)
  } catch (error) {
    const hint = isLanecheckError(error) ? error.hint : null
    return failed(error instanceof Error ? error.message : String(error), hint ?? (error instanceof LimitExceeded ? `uptime   # is the machine busy? then: lanecheck doctor` : 'lanecheck doctor --json   # and report it'))
  } finally {
    stop.abort()
  }
}
