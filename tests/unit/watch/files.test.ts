import { mkdirSync, renameSync, rmSync, utimesSync, watch, writeFileSync, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { watchFiles, type Saved, type WatchedFiles } from '../../../src/watch/files.js'
import { inFolder } from '../run/support.js'

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  return { ...real, watch: vi.fn(real.watch) }
})

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
    files!.set([one], Date.now(), { all_in: [dir] })
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

  it('what changed while it was not watched is no change, and what changes back then is one', () => inFolder(async (dir) => {
    const [one, two] = [join(dir, 'one.ts'), join(dir, 'two.ts')]
    for (const path of [one, two]) writeFileSync(path, 'before')
    watching([one, two])
    files!.set([two], Date.now())
    writeFileSync(one, 'meanwhile')
    await sleep(REST_MS)
    files!.set([one, two], Date.now())
    writeFileSync(one, 'before')
    expect(await next()).toEqual({ files: [one], changed: [one] })
  }))

  it('what we wrote ourselves is no save, and what is saved after it is one', () => inFolder(async (dir) => {
    const one = join(dir, 'one.js')
    writeFileSync(one, 'before')
    const since = Date.now() - 1_000
    watching([one])
    writeFileSync(one, 'built')
    files!.set([one], since, { ours: [one] })
    expect(await soon()).toBeNull()
    writeFileSync(one, 'by hand')
    expect((await next())?.changed).toEqual([one])
  }))

  it('a file in a folder that is not there comes with its folder, and again when that is taken away and made anew', () => inFolder(async (dir) => {
    const one = join(dir, 'out/deep/one.js')
    watching([one])
    for (const text of ['first', 'second', 'third']) {
      mkdirSync(join(dir, 'out/deep'), { recursive: true })
      writeFileSync(one, text)
      expect((await next())?.changed).toEqual([one])
      rmSync(join(dir, 'out'), { recursive: true })
      if (text === 'second') continue
      expect((await next())?.changed).toEqual([one])
    }
  }))

  it('a folder in which any file counts may come, too', () => inFolder(async (dir) => {
    files = watchFiles(BURST_MS)
    files.set([], Date.now(), { all_in: [join(dir, 'lanes/deep')] })
    mkdirSync(join(dir, 'lanes/deep'), { recursive: true })
    writeFileSync(join(dir, 'lanes/deep/a.yaml'), 'x')
    expect((await next())?.changed).toEqual([join(dir, 'lanes/deep/a.yaml')])
  }))

  it.each([
    ['ENOSPC', 'fs.inotify.max_user_watches'],
    ['EMFILE', 'fs.inotify.max_user_instances'],
    ['EACCES', 'see that it may be read'],
  ])('%s: what this machine does not let us watch is told, with what to do', (code, what) => inFolder((dir) => {
    vi.mocked(watch).mockImplementationOnce(() => { throw Object.assign(new Error('no'), { code }) })
    expect(() => watching([join(dir, 'one.ts')])).toThrow(expect.objectContaining({ code: 'usage', where: '--watch', message: `${dir} cannot be watched (${code})`, hint: expect.stringContaining(what) as unknown }) as Error)
    return Promise.resolve()
  }))

  it('a watcher that breaks later is told to who waits, and to who asks next', () => inFolder(async (dir) => {
    writeFileSync(join(dir, 'one.ts'), 'x')
    vi.mocked(watch).mockClear()
    watching([join(dir, 'one.ts')])
    const waiting = next()
    const [made] = vi.mocked(watch).mock.results
    ;(made!.value as FSWatcher).emit('error', Object.assign(new Error('no'), { code: 'ENOSPC' }))
    await expect(waiting).rejects.toMatchObject({ code: 'usage', message: `${dir} cannot be watched (ENOSPC)` })
    await expect(next()).rejects.toMatchObject({ code: 'usage' })
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
