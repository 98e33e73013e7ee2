import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256Hex } from '../evidence/digest.js'
import { watchFolders } from './folders.js'

/** Files that were saved since they were last asked for; `changed` are those of them whose content is another. */
export interface Saved { files: string[]; changed: string[] }

/** What else there is to know of files that are watched. */
export interface WatchMore {
  /** Folders in which any file counts, as after an import that did not resolve. */
  all_in?: readonly string[]
  /** Files that we wrote ourselves meanwhile: up to now, that is no save. */
  ours?: readonly string[]
}

/** Watches files, through their folders: editors save by writing beside and renaming, and what is missing may come, a whole folder too. */
export interface WatchedFiles {
  /**
   * Watches these from here on. `since`: when they began to be read, in Unix ms; what was saved later is a save.
   * Throws `usage` for what this machine does not let us watch.
   */
  set(files: readonly string[], since: number, more?: WatchMore): void
  /** Resolves once something was saved and nothing more for a while; null when `signal` aborts. Throws as `set`. */
  next(signal: AbortSignal): Promise<Saved | null>
  /** Called when a save has come to rest, also while nobody asks for it. */
  onSaved: ((saved: Saved) => void) | null
  close(): void
}

/** A burst of saves is over when nothing was saved for so long, in ms. */
const BURST_MS = 60

/** `burst_ms` left out: 60. */
export function watchFiles(burst_ms = BURST_MS): WatchedFiles {
  let files = new Set<string>()
  let open_folders = new Set<string>()
  const known = new Map<string, string | null>()
  const own_times = new Map<string, number>()
  const touched = new Set<string>()
  let ready: Saved | null = null
  let asked: { give(saved: Saved): void; refuse(error: unknown): void } | null = null
  let failed: { error: unknown } | null = null
  let timer: NodeJS.Timeout | undefined
  let set_at = 0

  const folders = watchFolders({
    onEvent: (path) => { if (counts(path)) touch(path) },
    onOthers: (others) => {
      for (const path of files) if (others.has(dirname(path))) touch(path)
      for (const folder of open_folders) if (others.has(folder)) for (const name of namesIn(folder)) touch(join(folder, name))
    },
    onFailed: (error) => {
      failed ??= { error }
      asked?.refuse(error)
    },
  })
  const counts = (path: string): boolean => files.has(path) || open_folders.has(dirname(path)) || (path.endsWith('.rs') && folders.wanted().has(dirname(path)))
  const settle = (): void => {
    // What an editor wrote beside and took away again is no save of its own.
    const saved = [...touched].filter((path) => files.has(path) || existsSync(path))
    touched.clear()
    const changed = saved.filter((path) => known.get(path) !== digestOf(path))
    for (const path of changed) known.set(path, digestOf(path))
    // What was written before they were last looked at is in what was made of them.
    const files_now = saved.filter((path) => changed.includes(path) || timeOf(path) > Math.max(set_at, own_times.get(path) ?? 0))
    if (files_now.length === 0) return
    ready = { files: [...new Set([...(ready?.files ?? []), ...files_now])], changed: [...new Set([...(ready?.changed ?? []), ...changed])] }
    watched.onSaved?.(ready)
    giveReady()
  }
  const giveReady = (): void => {
    if (ready === null || asked === null) return
    const [saved, to] = [ready, asked]
    ready = asked = null
    to.give(saved)
  }
  const touch = (path: string): void => {
    touched.add(path)
    clearTimeout(timer)
    timer = setTimeout(settle, burst_ms)
  }
  const takeOurs = (path: string): void => {
    known.set(path, digestOf(path))
    own_times.set(path, timeOf(path))
    touched.delete(path)
    const not = (one: string): boolean => one !== path
    if (ready !== null) ready = { files: ready.files.filter(not), changed: ready.changed.filter(not) }
    if (ready?.files.length === 0) ready = null
  }
  const watched: WatchedFiles = {
    onSaved: null,
    set: (next, since, { all_in = [], ours = [] } = {}) => {
      set_at = since
      // What was not watched may have changed unseen.
      for (const path of known.keys()) if (!files.has(path)) known.delete(path)
      files = new Set(next)
      open_folders = new Set(all_in)
      const others = folders.set([...next.map((path) => dirname(path)), ...all_in])
      for (const path of files) if (others.has(dirname(path))) known.delete(path)
      own_times.clear()
      for (const path of ours) takeOurs(path)
      for (const path of files) {
        if (known.has(path)) continue
        if (timeOf(path) > since) touch(path)
        else known.set(path, digestOf(path))
      }
    },
    next: (signal) => new Promise((resolve, reject) => {
      if (failed !== null) return reject(failed.error as Error)
      if (signal.aborted) return resolve(null)
      const stop = (): void => {
        asked = null
        resolve(null)
      }
      signal.addEventListener('abort', stop, { once: true })
      asked = {
        give: (saved) => {
          signal.removeEventListener('abort', stop)
          resolve(saved)
        },
        refuse: reject,
      }
      giveReady()
    }),
    close: () => {
      clearTimeout(timer)
      folders.close()
    },
  }
  return watched
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Null for what is not there or cannot be read. */
function digestOf(path: string): string | null {
  try {
    return sha256Hex(readFileSync(path))
  } catch {
    return null
  }
}

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
