import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refuseInside } from '../../../src/evidence/outside.js'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-outside-'))
  mkdirSync(join(home, 'run/bundles'), { recursive: true })
  symlinkSync('run', join(home, 'latest'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('T0 browser_surface: nothing else is written into evidence', () => {
  test.each(['run', 'run/x.html', 'run/deep/down/x.html', 'run/..x.html', 'run/bundles/../x', 'latest/x.html', 'latest'])('%s is inside', (path) => {
    for (const folder of ['run', 'latest']) expect(() => refuseInside(join(home, path), join(home, folder), '--html')).toThrowError(expect.objectContaining({ code: 'usage', where: '--html', message: expect.stringContaining('is inside the evidence folder') as unknown }))
  })
  test('also in a folder that is not there yet', () => expect(() => refuseInside(join(home, 'new/x'), join(home, 'new'), '--out')).toThrow(/inside/))
  test.each(['x.html', 'run.html', 'run-2/x.html', '..run/x', 'run/../x.html'])('%s is not', (path) => {
    expect(() => refuseInside(join(home, path), join(home, 'run'), '--html')).not.toThrow()
  })
})
