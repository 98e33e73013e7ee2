import { readFileSync, statfsSync } from 'node:fs'
import { freemem } from 'node:os'
import { thisMachine, type Machine } from '../../lanes/engines/machine.js'
import type { Engine } from '../contract/vocabulary.js'
import { makeCertificate } from '../loopback/certificate.js'
import { listen } from '../loopback/listeners.js'
import { startRefusingProxy } from '../loopback/refusing-proxy.js'
import { packageRoot } from '../package-root.js'
import { measureClock, type ClockSeen } from './clock.js'

/** All that the checks ask of the machine; a test puts a fault in its place. */
export interface Desk {
  env: NodeJS.ProcessEnv
  machine: Machine
  node_version: string
  /** The folder of this package. */
  root: string
  /** Bytes that this process may still have. */
  memory(): number
  /** Bytes free on the disk of an existing path. Throws where there is no telling. */
  freeBytes(path: string): number
  /** The most files this process may hold open; null where there is no telling. */
  openFiles(): number | null
  clock(): Promise<ClockSeen>
  listen: typeof listen
  startProxy: typeof startRefusingProxy
  makeCertificate: typeof makeCertificate
}

/** What a run would be asked for. */
export interface DoctorOptions {
  engines: readonly Engine[]
  /** Start each engine for real. */
  launch: boolean
  out: string
  subject: string
  /** Globs over the maintainer's own scenario files. */
  scenarios: readonly string[]
  expectations: string | undefined
  claims_config: string | undefined
  signal: AbortSignal
}

/** The machine that this process runs on. */
export const thisDesk = (): Desk => ({
  env: process.env, machine: thisMachine, node_version: process.versions.node, root: packageRoot(),
  memory: () => process.availableMemory?.() ?? freemem(),
  freeBytes: (path) => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  },
  openFiles,
  clock: measureClock,
  listen, startProxy: startRefusingProxy, makeCertificate,
})

/** The soft limit, as Linux tells it. */
function openFiles(): number | null {
  try {
    const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return limit === undefined ? null : limit === 'unlimited' ? Infinity : Number(limit)
  } catch {
    return null
  }
}
