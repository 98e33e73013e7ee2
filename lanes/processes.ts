import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Every program the lanes start leads a process group of its own, so that it can be ended with all it started.
 * Groups are kept here until they are gone; what is left at the end of this process is killed, however it ends.
 */
const groups = new Set<number>()
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const POLL_MS = 20
const KILL_LIMIT_MS = 3_000

/** Starts a program as the leader of a new process group and keeps track of it. */
export function startGroup(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true })
  child.on('error', () => {})
  if (child.pid !== undefined) track(child.pid)
  return child
}

/** Keeps a process group, named by its leader's pid, until `endGroup` or the end of this process. */
export function track(group: number): void {
  if (groups.size === 0) watchOwnEnd()
  groups.add(group)
  tellSentinel(`+${group}`)
}

/** The tracked groups. */
export function tracked(): number[] {
  return [...groups]
}

/** Ends a group: SIGTERM, after `grace_ms` SIGKILL. Resolves when no live process of it is left; false when one stays. */
export async function endGroup(group: number, grace_ms: number): Promise<boolean> {
  // Its number may long be another's.
  if (!groups.has(group)) return true
  const gone = (grace_ms > 0 && signal(group, 'SIGTERM') && (await waitUntilGone(group, grace_ms))) || (signal(group, 'SIGKILL'), await waitUntilGone(group, KILL_LIMIT_MS))
  if (gone) forget(group)
  return gone
}

/** Kills every tracked group at once, without waiting. */
export function endAll(): void {
  for (const group of groups) signal(group, 'SIGKILL')
  groups.clear()
}

/** The live processes of a group; zombies are not live. */
export function groupMembers(group: number): number[] {
  return processes().filter((one) => one.group === group && one.state !== 'Z').map((one) => one.pid)
}

/** The group of a child of this process that has `marker` in its environment, or null: how to find a program that a library started. */
export function groupByMarker(marker: string): number | null {
  return processes().find((one) => one.parent === process.pid && environment(one.pid).includes(marker))?.group ?? null
}

interface ProcessLine { pid: number; state: string; parent: number; group: number }

function processes(): ProcessLine[] {
  return readdirSyncSafe('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    const stat = readSafe(`/proc/${name}/stat`)
    // The command name stands in brackets and may itself hold spaces and brackets.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === undefined || group === undefined ? [] : [{ pid: Number(name), state, parent: Number(parent), group: Number(group) }]
  })
}

const environment = (pid: number): string => readSafe(`/proc/${pid}/environ`)

function readSafe(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function readdirSyncSafe(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function signal(group: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(-group, name)
    return true
  } catch {
    return false
  }
}

async function waitUntilGone(group: number, limit_ms: number): Promise<boolean> {
  for (const end = Date.now() + limit_ms; Date.now() < end; await sleep(POLL_MS)) {
    if (!isAlive(group)) return true
  }
  return !isAlive(group)
}

/** Asks the kernel first: reading all of /proc costs milliseconds. A group of zombies only is not alive. */
function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || groupMembers(group).length > 0
}

function forget(group: number): void {
  groups.delete(group)
  tellSentinel(`-${group}`)
}

let watching = false
function watchOwnEnd(): void {
  if (watching) return
  watching = true
  process.on('exit', endAll)
  for (const name of SIGNALS) process.on(name, onSignal)
}

/** Whoever else listens to the signal ends the run in order, and `exit` does the rest; alone, we must end it ourselves. */
function onSignal(name: (typeof SIGNALS)[number]): void {
  if (process.listenerCount(name) > 1) return
  endAll()
  process.exit(128 + constants.signals[name])
}

/** Reads group ids from its standard input and kills those still there when the input ends, as it does when this process is killed. */
const SENTINEL = 'groups=" "; while read -r line; do id=${line#?}; case $line in +*) groups="$groups$id ";; -*) groups="${groups%% $id *} ${groups#* $id }";; esac; done; for id in $groups; do kill -s KILL -- "-$id" 2>/dev/null; done'

let sentinel: ChildProcess | null = null
function tellSentinel(line: string): void {
  if (process.platform === 'win32') return
  if (sentinel === null) {
    sentinel = spawn('sh', ['-c', SENTINEL], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    sentinel.on('error', () => {})
    sentinel.stdin?.on('error', () => {})
    sentinel.unref()
    // A child's pipe is a socket, which alone would keep this process from ending.
    if (sentinel.stdin && 'unref' in sentinel.stdin && typeof sentinel.stdin.unref === 'function') sentinel.stdin.unref()
  }
  sentinel.stdin?.write(`${line}\n`)
}
