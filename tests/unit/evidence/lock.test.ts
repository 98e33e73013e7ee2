import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { tryLock } from '../../../src/evidence/lock.js'
import { packageRoot } from '../../../src/package-root.js'
import { inFolder } from '../run/support.js'

const inLock = (use: (path: string, dir: string) => Promise<void>): Promise<void> => inFolder((dir) => use(join(dir, 'below', 'a.lock'), dir))

describe('T0 virtual_transport_surface: a lock file', () => {
  test('is held once, names its process, and goes with its release', () => inLock(async (path) => {
    const one = await tryLock(path)
    expect([one.held, readFileSync(path, 'utf8')]).toEqual([true, `${process.pid}\n`])
    expect(await tryLock(path)).toEqual({ held: false, holder: process.pid })
    if (one.held) one.release()
    expect(existsSync(path)).toBe(false)
    expect((await tryLock(path)).held).toBe(true)
  }))

  test('of a process that runs is left alone; of one that is gone it is taken over, by one of many', () => inFolder(async (dir) => {
    const path = join(dir, 'a.lock')
    writeFileSync(path, `${process.ppid}\n`)
    expect(await tryLock(path)).toEqual({ held: false, holder: process.ppid })
    // In a container the process before had the number of this one.
    for (const gone of [spawnSync(process.execPath, ['-e', '0']).pid, process.pid]) {
      writeFileSync(path, `${gone}\n`)
      const taken = await Promise.all([tryLock(path), tryLock(path), tryLock(path)])
      expect(taken.filter(({ held }) => held)).toHaveLength(1)
      for (const lock of taken) if (lock.held) lock.release()
    }
    expect(readdirSync(dir)).toEqual([])
  }))

  test('without a number is another\'s that signs it now, or was cut off', () => inFolder(async (dir) => {
    const path = join(dir, 'a.lock')
    writeFileSync(path, '')
    expect(await tryLock(path)).toEqual({ held: false, holder: null })
    utimesSync(path, 0, 0)
    expect((await tryLock(path)).held).toBe(true)
  }))

  test.each([['leaves by itself', 'process.exit(3)'], ['throws', 'throw new Error(\'x\')']])('goes with a process that %s', (_, ends) => inLock(async (path) => {
    const module = pathToFileURL(join(packageRoot(), 'dist/src/evidence/lock.js')).href
    const child = spawn(process.execPath, ['--input-type=module', '-e', `const { tryLock } = await import(${JSON.stringify(module)}); console.log((await tryLock(${JSON.stringify(path)})).held); ${ends}`])
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString() })
    await once(child, 'close')
    expect([said, existsSync(path)]).toEqual(['true\n', false])
  }))
})
