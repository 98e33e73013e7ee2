import { existsSync, readFileSync, statSync, watch, type FSWatcher } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256Hex } from '../evidence/digest.js'

/** Files that were saved since they were last asked for; `changed` are those of them whose content is another. */
export interface Saved { files: string[]; changed: string[] }

/** Watches files, through their folders: editors save by writing beside and renaming, and what is missing may come. */
export interface WatchedFiles {
  /**
   * Watches these from here on. `since`: when they began to be read, in Unix ms; what was saved later is a save.
   * `all_in`: folders in which any file counts, as after an import that did not resolve.
   */
  set(files: readonly string[], since: number, all_in?: readonly string[]): void
  /** Resolves once something was saved and nothing more for a while; null when `signal` aborts. */
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
  const folders = new Map<string, FSWatcher>()
  const known = new Map<string, string | null>()
  const touched = new Set<string>()
  let ready: Saved | null = null
  let asked: ((saved: Saved) => void) | null = null
  let timer: NodeJS.Timeout | undefined
  let set_at = 0

  const counts = (path: string): boolean => files.has(path) || open_folders.has(dirname(path)) || (path.endsWith('.rs') && folders.has(dirname(path)))
  const settle = (): void => {
    // What an editor wrote beside and took away again is no save of its own.
    const saved = [...touched].filter((path) => files.has(path) || existsSync(path))
    touched.clear()
    const changed = saved.filter((path) => known.get(path) !== digestOf(path))
    for (const path of changed) known.set(path, digestOf(path))
    // What was written before they were last looked at is in what was made of them.
    const files_now = saved.filter((path) => changed.includes(path) || timeOf(path) > set_at)
    if (files_now.length === 0) return
    ready = { files: [...new Set([...(ready?.files ?? []), ...files_now])], changed: [...new Set([...(ready?.changed ?? []), ...changed])] }
    watched.onSaved?.(ready)
    if (asked !== null) give(asked)
  }
  const give = (to: (saved: Saved) => void): void => {
    const saved = ready!
    ready = asked = null
    to(saved)
  }
  const touch = (path: string): void => {
    touched.add(path)
    clearTimeout(timer)
    timer = setTimeout(settle, burst_ms)
  }
  const follow = (folder: string): void => {
    if (folders.has(folder) || !existsSync(folder)) return
    const watcher = watch(folder, (_event, name) => {
      const path = name === null ? null : join(folder, name)
      if (path === null || !counts(path)) return
      touch(path)
    })
    watcher.on('error', () => {
      watcher.close()
      folders.delete(folder)
    })
    folders.set(folder, watcher)
  }
  const watched: WatchedFiles = {
    onSaved: null,
    set: (next, since, all_in = []) => {
      set_at = since
      files = new Set(next)
      open_folders = new Set(all_in)
      const wanted = new Set([...next.map((path) => dirname(path)), ...all_in])
      for (const [folder, watcher] of folders) {
        if (wanted.has(folder)) continue
        watcher.close()
        folders.delete(folder)
      }
      wanted.forEach(follow)
      for (const path of next) {
        if (known.has(path)) continue
        if (timeOf(path) > since) touch(path)
        else known.set(path, digestOf(path))
      }
    },
    next: (signal) => new Promise((resolve) => {
      if (signal.aborted) return resolve(null)
      const stop = (): void => {
        asked = null
        resolve(null)
      }
      signal.addEventListener('abort', stop, { once: true })
      asked = (saved) => {
        signal.removeEventListener('abort', stop)
        resolve(saved)
      }
      if (ready !== null) give(asked)
    }),
    close: () => {
      clearTimeout(timer)
      for (const watcher of folders.values()) watcher.close()
      folders.clear()
    },
  }
  return watched
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
