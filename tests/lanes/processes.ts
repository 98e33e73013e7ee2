import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process as it was seen once; its start tells it from a later one with the same number. */
export interface SeenProcess { pid: number; parent: number; started: string; state: string; name: string }

/** All processes that a process started, and those they started, as far as their parents live. */
export function descendants(root: number): SeenProcess[] {
  const all = everyProcess()
  const found: SeenProcess[] = []
  for (let parents = [root]; parents.length > 0;) {
    const children = all.filter(({ parent }) => parents.includes(parent))
    found.push(...children)
    parents = children.map(({ pid }) => pid)
  }
  return found
}

/** Those with this text in the environment they were started with. */
export const withMarker = (marker: string): SeenProcess[] => everyProcess().filter(({ pid }) => read(`/proc/${pid}/environ`).includes(marker))

/** Waits until none of them lives, no longer than `limit_ms`; returns those that do. */
export async function survivors(find: () => SeenProcess[], limit_ms: number): Promise<SeenProcess[]> {
  for (const end = Date.now() + limit_ms; ; await sleep(50)) {
    const left = find()
    if (left.length === 0 || Date.now() > end) return left
  }
}

/** The same processes that still live now; a zombie does not. */
export function stillAlive(seen: readonly SeenProcess[]): SeenProcess[] {
  const now = new Map(everyProcess().map((one) => [one.pid, one.started]))
  return seen.filter(({ pid, started }) => now.get(pid) === started)
}

function everyProcess(): SeenProcess[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    const stat = read(`/proc/${name}/stat`)
    const [state = 'Z', parent = '0', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (stat === '' || state === 'Z') return []
    return [{ pid: Number(name), parent: Number(parent), started: rest[17] ?? '', state, name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')) }]
  })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
