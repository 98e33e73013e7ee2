import { describe, expect, it } from 'vitest'
import { paintFor } from '../../../src/report/paint.js'

describe('T0: colours', () => {
  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a pipe', {}, {}, false],
    ['a pipe, whatever is forced', { isTTY: false }, { FORCE_COLOR: '1' }, false],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR, which asks for nothing', { isTTY: true }, { NO_COLOR: '' }, true],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('%s', (_, stream, env, coloured) => {
    expect(paintFor(stream, env).red('x') !== 'x').toBe(coloured)
  })
})
