import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseReporters, reporterOption, writeReports, type Reporter } from '../../../src/cli/reporters.js'
import { inputOf, oneOfEach } from '../report/formats/support.js'

let dir = ''
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'lanecheck-reporters-')) })
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true, force: true })
})

const named = (...texts: string[]): Reporter[] => texts.reduce<Reporter[] | undefined>((before, text) => reporterOption(text, before), undefined) ?? []
const chosen = (texts: string[], env: NodeJS.ProcessEnv = {}): string[] => chooseReporters(named(...texts), join(dir, 'e'), env).map(({ name, file }) => (file === null ? name : `${name}=${file}`))

async function printed(texts: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  let out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out += String(text); return true })
  await writeReports(chooseReporters(named(...texts), join(dir, 'e'), env), inputOf(oneOfEach), env)
  vi.restoreAllMocks()
  return out
}

describe('T0: reporters', () => {
  it('without any, or with files alone, the table is printed too', () => {
    expect(chosen([])).toEqual(['table'])
    expect(chosen(['junit=a.xml', 'har=b.har'])).toEqual(['table', 'junit=a.xml', 'har=b.har'])
    expect(chosen(['json'])).toEqual(['json'])
    expect(chosen(['table', 'junit=a.xml'])).toEqual(['table', 'junit=a.xml'])
  })

  it.each([
    [['pdf'], /no reporter "pdf"/], [['junit='], /names no file/], [['github=x'], /takes no file/], [['json', 'junit'], /cannot share standard output/],
    [['json=x', 'junit=x'], /two reports/],
  ])('%j is refused before anything runs', (texts, message) => {
    expect(() => chosen(texts)).toThrow(message)
  })

  it('a file inside the evidence folder is refused: audit would call it added', () => {
    expect(() => chosen([`junit=${join(dir, 'e', 'report.xml')}`])).toThrow(/inside the evidence folder/)
    expect(chosen([`junit=${join(dir, 'e-report.xml')}`]).length).toBe(2)
  })

  it('where GitHub runs it, its reporter is on by itself, unless one of its kind was named', () => {
    expect(chosen([], { GITHUB_ACTIONS: 'true' })).toEqual(['table', 'github'])
    expect(chosen(['github-summary=s.md'], { GITHUB_ACTIONS: 'true' })).toEqual(['table', 'github-summary=s.md'])
    expect(chosen([], { GITHUB_ACTIONS: 'false' })).toEqual(['table'])
  })

  it('several at once: files are written whole, standard output has the one that is left', async () => {
    const files = [`junit=${join(dir, 'r.xml')}`, `wptreport=${join(dir, 'w.json')}`, `ndjson=${join(dir, 'v.ndjson')}`]
    const out = await printed([...files, 'json'])
    expect((JSON.parse(out) as { verdicts: unknown[] }).verdicts.length).toBe(oneOfEach.length)
    expect(readdirSync(dir).sort()).toEqual(['r.xml', 'v.ndjson', 'w.chromium.json', 'w.firefox.json'])
    const lines = readFileSync(join(dir, 'v.ndjson'), 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { cell_id: string }).cell_id)).toEqual(oneOfEach.map(({ cell_id }) => cell_id))
  })

  it('the job summary is added to what other steps wrote there', async () => {
    const summary = join(dir, 'summary.md')
    writeFileSync(summary, 'before\n')
    const out = await printed([], { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary })
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## lanecheck/)
    expect(out).toContain('::error title=')
  })
})
