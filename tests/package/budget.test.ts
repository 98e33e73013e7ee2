import { describe, expect, test } from 'vitest'
import { beyondBudget } from './budget.js'

const budget = { tarball: 100, unpacked: 200, files: 2, by_part: { 'dist/src': 120, maps: 80 } }
const packed = { size: 100, unpackedSize: 200, files: [{ path: 'dist/src/index.js', size: 120 }, { path: 'dist/src/index.js.map', size: 80 }] }

describe('T0 browser_surface: the size budget', () => {
  test('is kept up to its last byte', () => expect(beyondBudget(packed, budget)).toEqual([]))

  test.each([
    ['a heavier tarball', { ...packed, size: 101 }, 'tarball: 101'],
    ['heavier contents', { ...packed, unpackedSize: 201 }, 'unpacked: 201'],
    ['one more file', { ...packed, files: [...packed.files, { path: 'dist/src/a.js', size: 0 }] }, 'files: 3'],
    ['a part that grew', { ...packed, files: [{ path: 'dist/src/index.js', size: 121 }] }, 'dist/src: 121'],
    ['a part that nobody planned', { ...packed, files: [{ path: 'tests/fixture.bin', size: 1 }] }, 'other: 1'],
  ])('%s breaks it', (_, heavier, says) => {
    expect(beyondBudget(heavier, budget)).toEqual([expect.stringContaining(says)])
  })
})
