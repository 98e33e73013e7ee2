import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { candidatePaths } from '../../../lanes/engines/machine.js'
import { failed, floor, note, ok, warning, type Check } from '../check.js'

const SHM = '/dev/shm'

export const sharedMemory: Check = {
  check: 'shared_memory', spoils: 3, limit_ms: 1_000,
  run: async ({ machine, freeBytes }) => {
    if (machine.platform !== 'linux') return note('only Linux has it')
    try {
      return floor(freeBytes(SHM), `free in ${SHM}`, { least: 16, wished: 60 }, `mount -o remount,size=1g ${SHM}   # in Docker: docker run --shm-size=1g, or --ipc=host`)
    } catch {
      return warning(`there is no ${SHM}: engines keep what they share elsewhere`, `mount -t tmpfs -o size=1g tmpfs ${SHM}`)
    }
  },
}

export const memory: Check = {
  check: 'memory', spoils: 3, limit_ms: 1_000,
  run: async (desk) => floor(desk.memory(), 'of memory to be had', { least: 384, wished: 1536 }, 'lanecheck verify --frames 1 --engine chromium   # one engine at a time, few realms; or give the machine more'),
}

const FILES = { least: 256, wished: 1024 }

export const openFiles: Check = {
  check: 'open_files', spoils: 3, limit_ms: 1_000,
  run: async (desk) => {
    const limit = desk.openFiles()
    if (limit === null) return note('this system does not say how many')
    const mend = 'ulimit -n 4096'
    if (limit < FILES.least) return failed(`this process may hold ${limit} files open; a run needs ${FILES.least}`, mend)
    return limit < FILES.wished ? warning(`this process may hold ${limit} files open; ${FILES.wished} would be well`, mend) : ok(`this process may hold ${limit === Infinity ? 'any number of' : limit} files open`)
  },
}

/** A live tick stands well above this. */
const LATE_MS = 60
const APART_MS = 100

export const clock: Check = {
  check: 'clock', spoils: 3, limit_ms: 20_000,
  run: async (desk) => {
    const { late_ms, apart_ms } = await desk.clock()
    const says = `short timers come up to ${Math.round(late_ms)} ms late; wall and monotonic clock went ${Math.round(apart_ms)} ms apart`
    if (apart_ms > APART_MS) return warning(`${says}: somebody sets the clock`, 'timedatectl status   # wait until it is synchronized')
    return late_ms > LATE_MS ? warning(`${says}: the machine is busy, timer cells may be run again for noise`, 'uptime   # end what runs beside, or lanecheck verify --frames 1') : ok(says)
  },
}

const ASK_LIMIT_MS = 4_000
const TOOLS = ['wasm-pack', 'cargo'] as const

export const rustTools: Check = {
  check: 'rust_tools', spoils: 3, limit_ms: 2 * ASK_LIMIT_MS + 1_000,
  run: async ({ env, machine }) => {
    const told = await Promise.all(TOOLS.map(async (name) => {
      const path = candidatePaths(name, env).find((one) => machine.isExecutable(one))
      if (path === undefined) return `no ${name}`
      try {
        return (await promisify(execFile)(path, ['--version'], { timeout: ASK_LIMIT_MS, killSignal: 'SIGKILL', env })).stdout.trim().split('\n')[0] ?? name
      } catch {
        return `${name}, which does not tell its version`
      }
    }))
    return note(`${told.join('; ')}; only for building a Rust crate anew`)
  },
}
