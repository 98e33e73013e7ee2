import type { DoctorCheckId, DoctorFinding } from '../contract/doctor.js'
import type { Desk, DoctorOptions } from './desk.js'

/** Exit code of a run that this would spoil: wrong use or input, infrastructure, our own fault. */
export type Spoils = 3 | 64 | 70

export type Told = Pick<DoctorFinding, 'status' | 'says' | 'mend'>

export interface Check {
  check: DoctorCheckId
  spoils: Spoils
  limit_ms: number
  /** May throw: what it says then is the failure. `signal` aborts when its time is up. */
  run(desk: Desk, options: DoctorOptions, signal: AbortSignal): Promise<Told>
}

export const ok = (says: string): Told => ({ status: 'ok', says, mend: null })
export const note = (says: string): Told => ({ status: 'note', says, mend: null })
export const warning = (says: string, mend: string): Told => ({ status: 'warning', says, mend })
export const failed = (says: string, mend: string): Told => ({ status: 'failed', says, mend })

const MIB = 1024 * 1024
/** Bytes as a person reads them. */
export const mebibytes = (bytes: number): string => (bytes >= 1024 * MIB ? `${(bytes / 1024 / MIB).toFixed(1)} GiB` : `${Math.round(bytes / MIB)} MiB`)

/** Fails under one floor, warns under another; both in MiB. */
export function floor(bytes: number, what: string, { least, wished }: { least: number; wished: number }, mend: string): Told {
  if (bytes < least * MIB) return failed(`${mebibytes(bytes)} ${what}; a run needs ${mebibytes(least * MIB)}`, mend)
  return bytes < wished * MIB ? warning(`${mebibytes(bytes)} ${what}; ${mebibytes(wished * MIB)} would be well`, mend) : ok(`${mebibytes(bytes)} ${what}`)
}
