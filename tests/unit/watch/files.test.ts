import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { watchFiles, type Saved, type WatchedFiles } from '../../../src/watch/files.js'
import { inFolder } from '../run/support.js'

/** A whole burst, with time for the file system to tell; nothing here is judged by it. */
const [BURST_MS, LONG_BURST_MS, REST_MS, LIMIT_MS] = [40, 800, 250, 5_000]
let files: WatchedFiles | null = null
afterEach(() => files?.close())

const watching = (paths: readonly string[], burst_ms = BURST_MS): WatchedFiles => {
  files = watchFiles(burst_ms)
  files.set(paths, Date.now())
  return files
}
const next = (): Promise<Saved | null> => files!.next(AbortSignal.timeout(LIMIT_MS))
/** What is saved within a rest, or nothing. */
const soon = (): Promise<Saved | null> => files!.next(AbortSignal.timeout(REST_MS))

describe('T0 timer_surface: files that are watched', () => {
  it('several saves in a burst are one, and each file is named once', () => inFolder(async (dir) => {
    const [one, two] = [join(dir, 'one.ts'), join(dir, 'two.ts')]
    for (const path of [one, two]) writeFileSync(path, 'before')
    watching([one, two], LONG_BURST_MS)
    const first = next()
    for (const text of ['a', 'b', 'c']) {
      for (const path of [one, two]) writeFileSync(path, text)
      await sleep(20)
    }
    expect(await first).toEqual({ files: expect.arrayContaining([one, two]) as string[], changed: expect.arrayContaining([one, two]) as string[] })
    expect(await soon()).toBeNull()
  }))

  it('a save that is renamed into place counts, and what an editor writes beside does not', () => inFolder(async (dir) => {
    const one = join(dir, 'one.ts')
    writeFileSync(one, 'before')
    watching([one])
    writeFileSync(join(dir, '.one.ts.swp'), 'after')
    renameSync(join(dir, '.one.ts.swp'), one)
    expect(await next()).toEqual({ files: [one], changed: [one] })
  }))

  it('a save of the same text is a save that changed nothing', () => inFolder(async (dir) => {
    const one = join(dir, 'one.ts')
    writeFileSync(one, 'same')
    watching([one])
    await sleep(20)
    utimesSync(one, new Date(), new Date())
    expect(await next()).toEqual({ files: [one], changed: [] })
  }))

  it('other files say nothing; where anything may help, any does', () => inFolder(async (dir) => {
    const one = join(dir, 'one.ts')
    writeFileSync(one, 'x')
    watching([one])
    writeFileSync(join(dir, 'other.ts'), 'x')
    expect(await soon()).toBeNull()
    files!.set([one], Date.now(), [dir])
    writeFileSync(join(dir, 'missing.ts'), 'x')
    expect((await next())?.changed).toEqual([join(dir, 'missing.ts')])
  }))

  it('a new source of a crate counts', () => inFolder(async (dir) => {
    mkdirSync(join(dir, 'src'))
    const lib = join(dir, 'src/lib.rs')
    writeFileSync(lib, 'x')
    watching([lib])
    writeFileSync(join(dir, 'src/more.rs'), 'x')
    expect((await next())?.changed).toEqual([join(dir, 'src/more.rs')])
  }))

  it('what was saved while it was read is not lost, nor what comes before somebody asks', () => inFolder(async (dir) => {
    const one = join(dir, 'one.ts')
    const began = Date.now() - 1_000
    writeFileSync(one, 'saved since')
    files = watchFiles(BURST_MS)
    files.set([one], began)
    await sleep(REST_MS)
    expect(await next()).toEqual({ files: [one], changed: [one] })
  }))

  it('a file that goes and comes back is watched on; whoever waits is let go by the signal', () => inFolder(async (dir) => {
    const one = join(dir, 'one.ts')
    writeFileSync(one, 'before')
    watching([one])
    rmSync(one)
    expect((await next())?.changed).toEqual([one])
    writeFileSync(one, 'again')
    expect((await next())?.changed).toEqual([one])
    const stop = new AbortController()
    const waiting = files!.next(stop.signal)
    stop.abort()
    expect(await waiting).toBeNull()
    expect(await files!.next(stop.signal)).toBeNull()
  }))
})
