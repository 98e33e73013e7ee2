import { describe, expect, it } from 'vitest'
import { paintFor } from '../../../src/report/paint.js'

describe('T0: colours', () => {
  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a pipe', {}, {}, false],
    ['a pipe where colours are forced', { write: () => true }, { FORCE_COLOR: '1' }, true],
    ['a pipe where none are forced', { write: () => true }, { FORCE_COLOR: '0' }, false],
    ['a terminal where none are forced', { isTTY: true, write: () => true }, { FORCE_COLOR: '0' }, false],
    ['a file, whatever is forced', {}, { FORCE_COLOR: '1' }, false],
    ['a pipe with both: NO_COLOR is obeyed', { write: () => true }, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['a dumb terminal where colours are forced', { isTTY: true, write: () => true }, { TERM: 'dumb', FORCE_COLOR: '3' }, true],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR, which asks for nothing', { isTTY: true }, { NO_COLOR: '' }, true],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('%s', (_, stream, env, coloured) => {
    expect(paintFor(stream, env).red('x') !== 'x').toBe(coloured)
  })
})
