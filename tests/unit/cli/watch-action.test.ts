import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchCells } from '../../../src/cli/watch-action.js'
import { LanecheckError } from '../../../src/contract/errors.js'
import type { WatchOptions } from '../../../src/watch/watch.js'

const { held, written, plays } = vi.hoisted(() => ({ held: vi.fn(), written: vi.fn(), plays: { play: async (_: WatchOptions): Promise<void> => undefined } }))
vi.mock('../../../src/cli/expected.js', () => ({ holdAgainst: held }))
vi.mock('../../../src/cli/reporters.js', () => ({ chooseReporters: () => [], writeReports: written }))
vi.mock('../../../src/watch/watch.js', () => ({ watch: (options: WatchOptions) => plays.play(options) }))

let said = ''
beforeEach(() => {
  said = ''
  held.mockResolvedValue({ exit: 0, expected: () => null, problems: [] })
  written.mockResolvedValue(undefined)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(() => { vi.restoreAllMocks() })

const RUN = { number: 1, folder: 'out/001', ledger: { verdicts: [{}] }, took_ms: 1, cut: false } as unknown as Parameters<WatchOptions['onRun']>[0]
const UNSOUND = new LanecheckError('subject_does_not_parse', 'the subject does not build')
/** The exit code of what was saved while watching. */
const exitOf = (play: (on: WatchOptions) => Promise<void>): Promise<number> => {
  plays.play = play
  return watchCells({ signal: new AbortController().signal, out: 'out' } as WatchOptions['verify'], { expectations: undefined, reporters: [], scenario_globs: [], own_left_out: false })
}
const exits = (code: number): void => void held.mockResolvedValueOnce({ exit: code, expected: () => null, problems: [] })

describe('T0 timer_surface: what a watched save comes to', () => {
  it.each<[string, number, (on: WatchOptions) => Promise<void>]>([
    ['nothing at all', 3, async () => undefined],
    ['a run', 0, async ({ onRun }) => onRun(RUN)],
    ['an error after a run', 64, async ({ onRun, onError }) => { await onRun(RUN); onError(UNSOUND) }],
    ['an error that is undone: the run stands', 0, async ({ onRun, onError, onSame }) => { await onRun(RUN); onError(UNSOUND); onSame() }],
    ['an error that is saved again as it is', 64, async ({ onRun, onError, onNoChange }) => { await onRun(RUN); onError(UNSOUND); onNoChange('subject.ts') }],
    ['a mismatch that stands once an error is undone', 1, async ({ onRun, onError, onSame }) => { exits(1); await onRun(RUN); onError(UNSOUND); onSame() }],
  ])('%s: exit %i', async (_what, code, play) => {
    expect(await exitOf(play)).toBe(code)
  })

  it.each([
    ['expectations that cannot be read', held],
    ['a report that cannot be written', written],
  ])('%s: told, and the next save is waited for', async (_what, breaks) => {
    breaks.mockRejectedValueOnce(new LanecheckError('config_invalid', 'this is no list', { where: 'e.json:3' }))
    expect(await exitOf(async ({ onRun }) => onRun(RUN))).toBe(64)
    expect(said).toMatch(/error config_invalid.*e\.json:3[^]*run 1: 1 cell[^]*waiting for a save/)
    breaks.mockRejectedValueOnce(new LanecheckError('config_invalid', 'this is no list'))
    expect(await exitOf(async ({ onRun, onSame }) => { await onRun(RUN); onSame() }), 'not known to be sound').toBe(64)
    breaks.mockRejectedValueOnce(new LanecheckError('config_invalid', 'this is no list'))
    expect(await exitOf(async ({ onRun }) => { await onRun(RUN); await onRun(RUN) })).toBe(0)
  })

  it('a fault of our own is not waited over', async () => {
    held.mockRejectedValueOnce(new TypeError('ours'))
    await expect(exitOf(async ({ onRun }) => onRun(RUN))).rejects.toThrow('ours')
  })
})
