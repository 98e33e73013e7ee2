import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { showProgress, silentProgress } from '../../../src/report/progress.js'
import { ANSI } from './support.js'

function stream(isTTY: boolean) {
  const written: string[] = []
  const out = { isTTY, columns: 80, rows: 24, write: (text: string) => { written.push(text); return true } } as unknown as NodeJS.WriteStream
  return { written, text: () => written.join(''), out }
}

describe('T0: how far a run is', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('off a terminal: lines of plain text, now and then and not for each cell', () => {
    const { out, written, text } = stream(false)
    const progress = showProgress(out)
    progress.say('chromium.window.direct: direct')
    progress.total('chromium', 200)
    progress.total('firefox', 100)
    for (let cell = 0; cell < 150; cell++) {
      vi.advanceTimersByTime(100)
      progress.cell('chromium')
    }
    progress.end()
    expect(written[0]).toBe('chromium.window.direct: direct\n')
    expect(written.slice(1)).toEqual(['chromium 50/200  firefox 0/100\n', 'chromium 100/200  firefox 0/100\n', 'chromium 150/200  firefox 0/100\n'])
    expect(text()).not.toMatch(ANSI)
  })

  it('on a terminal: one line that changes, gone at the end; what is said stays', () => {
    const { out, text } = stream(true)
    const progress = showProgress(out)
    progress.total('webkit', 3)
    for (let cell = 0; cell < 3; cell++) {
      vi.advanceTimersByTime(200)
      progress.cell('webkit')
      if (cell === 1) progress.say('webkit was lost; it is started again')
    }
    for (const line of ['webkit 1/3', 'webkit 2/3', 'webkit 3/3', 'webkit was lost; it is started again\n']) expect(text()).toContain(line)
    const before = text().length
    progress.end()
    expect(text().slice(before)).toMatch(ANSI)
    expect(text().slice(before)).not.toContain('webkit')
  })

  it('a cell of an engine that was not announced harms nothing; silent is silent', () => {
    const { out, written } = stream(false)
    showProgress(out).cell('webkit')
    expect(written).toEqual([])
    silentProgress.total('webkit', 1)
    silentProgress.cell('webkit')
    silentProgress.say('x')
    silentProgress.end()
  })
})
