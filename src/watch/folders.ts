import { existsSync, statSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'

/** What watched folders tell. */
export interface FolderEvents {
  /** Something happened to a path in one of them. */
  onEvent(path: string): void
  /** These came, went, or are others of the same name now: what was in them has to be looked at again. */
  onOthers(folders: ReadonlySet<string>): void
  /** They are watched no more. `usage` for what this machine does not let us watch. */
  onFailed(error: unknown): void
}

/** Watches folders, there or not: of one that is missing, the nearest above it that is there. */
export interface WatchedFolders {
  /** Watches these from here on; gives those that were not watched until now as they are. Throws `usage` for what this machine does not let us watch. */
  set(folders: readonly string[]): ReadonlySet<string>
  wanted(): ReadonlySet<string>
  close(): void
}

interface Watched { watcher: FSWatcher; identity: string }

export function watchFolders({ onEvent, onOthers, onFailed }: FolderEvents): WatchedFolders {
  let wanted: ReadonlySet<string> = new Set()
  const watched = new Map<string, Watched>()

  const drop = (place: string): void => {
    watched.get(place)?.watcher.close()
    watched.delete(place)
  }
  /** Brings the watchers in line with what is there; gives the places whose watchers came or went. */
  const follow = (): Set<string> => {
    const places = new Set([...wanted].map(nearest))
    const others = new Set<string>()
    for (const [place, { identity }] of watched) {
      if (places.has(place) && identity === identityOf(place)) continue
      drop(place)
      others.add(place)
    }
    let opened = false
    for (const place of places) {
      if (watched.has(place)) continue
      open(place)
      opened = true
      others.add(place)
    }
    // What came while they were opened is nearer.
    if (opened) for (const place of follow()) others.add(place)
    return others
  }
  const refresh = (): void => {
    try {
      const others = follow()
      if (others.size > 0) onOthers(others)
    } catch (error) {
      onFailed(error)
    }
  }
  const open = (place: string): void => {
    const identity = identityOf(place)
    try {
      const watcher = watch(place, (event, name) => {
        const path = name === null ? null : join(place, name)
        // A folder that is taken away says so by its own name, and its watcher hears nothing of the next one.
        const gone = event === 'rename' && name === basename(place) && !existsSync(join(place, name))
        if (gone) drop(place)
        if (gone || identityOf(place) !== identity || [...wanted].some((folder) => !watched.has(folder))) refresh()
        if (path !== null) onEvent(path)
      })
      watcher.on('error', (error) => {
        drop(place)
        if (existsSync(place)) onFailed(notWatched(place, error))
        else refresh()
      })
      watched.set(place, { watcher, identity })
    } catch (error) {
      // Gone since it was looked for; the one above it is next.
      if (existsSync(place)) throw notWatched(place, error)
    }
  }
  return {
    set: (folders) => {
      wanted = new Set(folders)
      return follow()
    },
    wanted: () => wanted,
    close: () => [...watched.keys()].forEach(drop),
  }
}

const nearest = (folder: string): string => (existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder)))

/** Another for another folder of the same name; its number alone may be given again. */
function identityOf(folder: string): string {
  const found = statSync(folder, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? '' : `${found.dev}:${found.ino}:${found.birthtimeNs}`
}

const LIMITS: Partial<Record<string, string>> = {
  ENOSPC: 'as many folders are watched on this machine as it allows: raise fs.inotify.max_user_watches, or end what else watches files',
  EMFILE: 'as many watchers or files are open as this machine allows: raise fs.inotify.max_user_instances or `ulimit -n`, or end what else watches files',
}

function notWatched(folder: string, error: unknown): LanecheckError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error)
  return new LanecheckError('usage', `${folder} cannot be watched (${code})`, { where: '--watch', hint: LIMITS[code] ?? 'see that it may be read, or run without --watch', cause: error })
}
