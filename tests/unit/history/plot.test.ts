import { create } from 'xmlbuilder2'
import { describe, expect, test } from 'vitest'
import { VERDICTS } from '../../../src/contract/vocabulary.js'
import { historyPlot } from '../../../src/history/plot.js'
import { showHistory } from '../../../src/history/show.js'
import { historyOf, runOn } from './support.js'

const plotOf = (...runs: Parameters<typeof historyOf>[0]): string => historyPlot(showHistory(historyOf(runs), {}))

describe('T0 browser_surface: the plot of a history', () => {
  const everything = runOn(1, Object.fromEntries(VERDICTS.map((verdict, index) => [`c${index}`, verdict])))
  const svg = plotOf(everything, runOn(2, { c0: 'parity' }, { lanecheck_version: '0.2.0', subject: 'made-up' }))

  test('is well-formed XML with a title, a description and a name for every bar', () => {
    const { svg: root } = create(svg).toObject() as { svg: { '@role': string } }
    expect(root['@role']).toBe('img')
    expect(svg).toContain('<title id="lh-title">made-up: verdicts of all 2 runs</title>')
    expect(svg).toMatch(/<desc id="lh-desc">.*1 parity, 1 bridge_only, 1 unsupported/)
    expect(svg.match(/<g><title>/g)).toHaveLength(2)
  })

  test('tells every verdict by name and, all but parity, by a pattern of its own', () => {
    for (const verdict of VERDICTS) expect(svg).toContain(`>${verdict} `)
    const patterns = [...svg.matchAll(/<pattern id="lh-\w+"[^>]*>(.*?)<\/pattern>/g)].map(([, lines]) => lines)
    expect(patterns).toHaveLength(VERDICTS.length - 1)
    expect(new Set(patterns).size).toBe(patterns.length)
  })

  test('draws lines as lines: a path without a fill of its own would be filled', () => {
    expect(svg).toMatch(/\.lh \.axis\{fill:none/)
    expect(svg).toMatch(/\.lh \.edge\{fill:none/)
    expect(svg).toMatch(/\.lh pattern path\{fill:none/)
  })

  test('says below a bar what else was new', () => {
    expect(svg).toMatch(/text-anchor="middle">K</)
    expect(svg).not.toMatch(/text-anchor="middle">[EA]</)
  })

  test('a subject\'s name cannot break out, and nothing is fetched', () => {
    const hostile = plotOf(runOn(1, { a: 'parity' }, { subject: '</title><script>alert(1)</script>"&' }))
    expect(hostile).not.toContain('<script')
    expect(() => create(hostile)).not.toThrow()
    expect(hostile.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|<image|href/)
  })
})
