import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { madeReport, NASTY } from '../../../../bench/made-report.js'
import { LAWS } from '../../../../src/contract/verdict.js'
import { VERDICTS } from '../../../../src/contract/vocabulary.js'
import { ChunkSchema, EmbeddedIndexSchema, type CellStory, type EmbeddedIndex } from '../../../../src/report/html/embedded.js'
import { htmlReport, sumsText } from '../../../../src/report/html/html-report.js'
import { LAW_SENTENCES } from '../../../../src/report/html/laws.js'
import { LOOKS } from '../../../../src/report/html/ui/words.js'
import { inputOf, oneOfEach } from '../formats/support.js'

const TEMPLATE = '<title><!--lanecheck:title--></title><noscript><!--lanecheck:noscript--></noscript><!--lanecheck:data-->'

/** What the page carries, as its own script reads it. */
function carried(page: string): { index: EmbeddedIndex; stories: CellStory[] } {
  const scripts = [...page.matchAll(/<script type="([a-z/]+)" id="([a-z0-9-]+)">([^<]*)<\/script>/g)]
  const index = EmbeddedIndexSchema.parse(JSON.parse(scripts.find(([, , id]) => id === 'lanecheck-index')![3]!))
  const chunks = scripts.filter(([, , id]) => id!.startsWith('lanecheck-chunk-')).map(([, , , text]) => ChunkSchema.parse(JSON.parse(inflateRawSync(Buffer.from(text!, 'base64')).toString())))
  expect(chunks.length).toBe(index.chunks)
  for (const [, scenario, , , , , , chunk] of index.cells) expect(chunks[chunk]!.some(({ verdict }) => verdict.scenario_id === index.scenarios[scenario]!.id)).toBe(true)
  return { index, stories: chunks.flat() }
}

describe('T0: the HTML report', () => {
  it('carries every cell with its whole verdict, and its own schemas take it', () => {
    const input = madeReport(60)
    const { index, stories } = carried(htmlReport(input, TEMPLATE))
    expect(index.cells.map(([lane, scenario]) => `${index.lanes[lane]}/${index.scenarios[scenario]?.id}`)).toEqual(input.ledger.verdicts.map(({ lane_id, scenario_id }) => `${lane_id}/${scenario_id}`))
    expect(stories.map(({ verdict }) => verdict.cell_id).sort()).toEqual(input.ledger.verdicts.map(({ cell_id }) => cell_id).sort())
    for (const { cell_id, verdict } of stories) expect(verdict).toEqual(input.ledger.verdicts.find((one) => one.cell_id === cell_id))
  })

  it('tells expected differences from unexpected ones, and keeps the reason', () => {
    const { index, stories } = carried(htmlReport(madeReport(120), TEMPLATE))
    const broken = index.cells.filter(([, , verdict]) => index.verdicts[verdict] === 'semantic_mismatch')
    expect(broken.map(([, scenario, , expected, , standing, known]) => [index.scenarios[scenario]!.id, index.verdicts[expected], standing, known])).toEqual([['timer.made.s4', 'semantic_mismatch', 0, 1], ['websocket.made.s9', 'parity', 1, 0]])
    expect(stories.find(({ cell_id }) => cell_id === 'webkit.window/timer.made.s4')?.expected_reason).toBe('known here')
  })

  it('nothing of the evidence ends its element or becomes markup', () => {
    const input = madeReport(12)
    input.ledger.run.subject = { ...input.ledger.run.subject, name: `${NASTY} $& $1` }
    const page = htmlReport(input, TEMPLATE)
    expect(page.match(/<[a-z!/][^>]*>/gi)!.map((tag) => tag.replace(/chunk-\d+/, 'chunk'))).toEqual([
      '<title>', '</title>', '<noscript>', '</noscript>', '<script type="application/json" id="lanecheck-index">', '</script>', ...Array(1).fill(['<script type="text/plain" id="lanecheck-chunk">', '</script>']).flat(),
    ])
    expect(carried(page).index.run.subject.name).toBe(`${NASTY} $& $1`)
  })

  it('a cell of any class, and cells without a bundle, have their place', () => {
    const { index, stories } = carried(htmlReport(inputOf(oneOfEach), TEMPLATE))
    expect(new Set(index.cells.map(([, , verdict]) => index.verdicts[verdict]))).toEqual(new Set(VERDICTS))
    expect(stories.every(({ bundle }) => bundle === null)).toBe(true)
  })

  it('says the sums without scripts, bridge_only apart from parity', () => {
    expect(sumsText(madeReport(12).ledger)).toBe('made-up 1.0.0, 12 cells: 6 parity, 6 bridge_only. bridge_only is a downgrade to a server bridge, never parity.')
    expect(htmlReport(madeReport(12), TEMPLATE)).toContain('<noscript>made-up 1.0.0, 12 cells: 6 parity, 6 bridge_only.')
  })

  it('5,000 cells stay a file to send: below 3 MB', () => {
    expect(htmlReport(madeReport(5000), TEMPLATE).length).toBeLessThan(3e6)
  })

  it('a template without a place for the data is refused', () => {
    expect(() => htmlReport(madeReport(12), '<title><!--lanecheck:title--></title>')).toThrow(/no place for noscript, data/)
  })

  it('earlier runs are carried when there are any', () => {
    const history = { plot: '<svg xmlns="http://www.w3.org/2000/svg"><text>&lt;/script&gt;</text></svg>', runs: [{ id: 'before', started_at: '2025-12-31T00:00:00.000Z', counts: { parity: 3 } }] }
    expect(carried(htmlReport({ ...madeReport(12), history }, TEMPLATE)).index.history).toEqual(history)
  })

  it('every class has a word and a shape of its own, every law a sentence', () => {
    const looks = Object.values(LOOKS)
    expect(Object.keys(LOOKS)).toEqual([...VERDICTS])
    expect(new Set(looks.map(({ path }) => path)).size).toBe(looks.length)
    expect(new Set(looks.map(({ word }) => word)).size).toBe(looks.length)
    expect(Object.keys(LAW_SENTENCES).sort()).toEqual([...LAWS].sort())
  })
})
