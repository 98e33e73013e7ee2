import { issueCommand } from '@actions/core/lib/command.js'
import fc from 'fast-check'
import type { Table } from 'mdast'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { githubAnnotations, githubSummary } from '../../../../src/report/formats/github.js'
import { tokenIn } from '../../judge/verdicts.js'
import { inputOf, NASTY, oneOfEach } from './support.js'

afterEach(() => { vi.restoreAllMocks() })

/** A workflow command as GitHub's own library writes it. */
function byGithub(command: string, title: string, message: string): string {
  let written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { written += String(text); return true })
  issueCommand(command, { title }, message)
  vi.restoreAllMocks()
  return written
}

const tablesOf = (markdown: string): string[][][] => (unified().use(remarkParse).use(remarkGfm).parse(markdown).children.filter((node): node is Table => node.type === 'table'))
  .map((table) => table.children.map((row) => row.children.map((cell) => cell.children.map((part) => ('value' in part ? part.value : `<${part.type}>`)).join(''))))

describe('T1: GitHub annotations and job summary, against GitHub\'s own library and a Markdown parser', () => {
  it('each unexpected cell is one command, written as GitHub\'s library writes it', () => {
    const verdict = { ...tokenIn('semantic_mismatch', 'firefox', 'window', 'timer.a.a'), reason: NASTY }
    const message = `timer.a.a: ${NASTY} (expected parity)\nagain: ${verdict.repro_command}`
    expect(githubAnnotations(inputOf([verdict]))).toBe(byGithub('error', 'semantic_mismatch in firefox.window.direct', message).replaceAll('\r\n', '\n'))
  })

  it('a reason cannot plant a command of its own', () => {
    expect(githubAnnotations(inputOf(oneOfEach)).split('\n').filter((line) => line.startsWith('::error::planted'))).toEqual([])
  })

  it('nothing is said of a run that came out as expected; of many surprises ten and a count', () => {
    expect(githubAnnotations(inputOf([tokenIn('parity'), tokenIn('bridge_only', 'chromium')]))).toBe('')
    const many = Array.from({ length: 14 }, (_, index) => tokenIn('semantic_mismatch', 'firefox', 'window', `timer.a.s${index}`))
    const lines = githubAnnotations(inputOf(many)).trimEnd().split('\n')
    expect(lines.length).toBe(11)
    expect(lines.at(-1)).toContain('4 more')
  })

  it('the summary\'s tables keep their columns whatever a reason says, and bridge_only stays apart', () => {
    const [lanes, cells] = tablesOf(githubSummary(inputOf(oneOfEach)))
    expect(lanes![0]).toContain('bridge_only')
    expect(lanes!.at(-1)).toEqual(['all', ...oneOfEach.map(() => '1')])
    for (const row of cells!) expect(row.length).toBe(6)
    expect(cells!.length - 1).toBe(oneOfEach.filter(({ verdict }) => !['parity', 'bridge_only', 'unsupported'].includes(verdict)).length)
    expect(cells![1]![4]).toContain('<b>"x"</b>')
  })

  it('a command in the summary is the one to type, whatever stands in it', () => {
    const again = (repro_command: string): string | undefined => tablesOf(githubSummary(inputOf([{ ...tokenIn('semantic_mismatch'), repro_command }])))[1]?.[1]?.[5]
    const command = `npx lanecheck verify --subject 'my_[sub]<ject>.js' --scenarios 'lanes/*.ts' --scenarios 'a|b_~#&.ts' --out "$(mktemp -d)"`
    expect(again(command)).toBe(command)
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('`', '``', '*', '_', '|', '\\', '[', '<', '&', '~', 'x', ' ') , minLength: 1, maxLength: 12 }), (raw) => {
      // A bar after a backslash is no command's; Markdown's tables have no way to write it.
      fc.pre(raw.trim() === raw && !/\s\s/.test(raw) && !raw.includes('\\|') && raw !== '')
      expect(again(raw)).toBe(raw)
    }), { numRuns: 400 })
  })
})
