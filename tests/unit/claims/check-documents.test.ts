import { describe, expect, it } from 'vitest'
import type { ClaimGround } from '../../../src/claims/check-claim.js'
import { checkDocuments, refreshTables } from '../../../src/claims/check-documents.js'
import { readDocument } from '../../../src/claims/documents.js'
import { claimsSarif } from '../../../src/claims/sarif.js'
import type { ClaimFinding } from '../../../src/claims/claim.js'
import { tokenIn } from '../judge/verdicts.js'
import { ledgerOf } from '../report/support.js'

const ledger = ledgerOf([tokenIn('parity', 'chromium', 'window', 'timer.a.a'), tokenIn('bridge_only', 'chromium', 'shared_worker', 'timer.a.a')])
const { name } = ledger.run.subject
const ground: ClaimGround = { ledgers: [ledger], config: {}, now: new Date('2026-01-02T00:00:00Z'), promoted: () => false }
const check = (source: string, on: Partial<ClaimGround> = {}, file = 'doc.md'): ClaimFinding[] => checkDocuments([readDocument(file, source)], { ...ground, ...on }).findings
const places = (source: string, on: Partial<ClaimGround> = {}, file = 'doc.md'): string[] => check(source, on, file).map(({ code, line, column }) => `${line}:${column} ${code}`)

const BLOCK = ['# T', '', '```lane-claims', `subject: ${name}`, 'claims:', '  - surface: timer_surface', '    lanes: [chromium.window]', '    support: direct', '    least_evidence: { cells: 1 }', '```', ''].join('\n')

describe('T0 browser_surface: documents', () => {
  it('a claim that holds says nothing; one that does not has its line', () => {
    expect(places(BLOCK)).toEqual([])
    expect(places(BLOCK.replace('chromium.window', 'chromium.shared_worker'))).toEqual(['6:5 bridge_only_as_direct'])
    expect(places(BLOCK.replace('chromium.window', 'webkit.window'))).toEqual(['6:5 without_evidence'])
  })

  it.each([
    ['an unknown field', BLOCK.replace('    support:', '    wish: 1\n    support:'), '6:5 malformed'],
    ['an unknown token', BLOCK.replace('timer_surface', 'timers'), '6:14 malformed'],
    ['no least evidence', BLOCK.replace('    least_evidence: { cells: 1 }\n', ''), '6:5 malformed'],
    ['no YAML', BLOCK.replace('subject:', 'subject: ['), '5:1 malformed'],
    ['the same key twice', BLOCK.replace('claims:', `subject: other\nclaims:`), '5:1 malformed'],
    ['nothing in it', '```lane-claims\n```\n', '2:1 malformed'],
  ])('%s is an error at its line, and no claim is taken from the block', (_what, source, expected) => {
    expect(places(source)[0]).toBe(expected)
    expect(checkDocuments([readDocument('doc.md', source)], ground).claims).toBe(0)
  })

  it('reads MDX too, its comments as markers; MDX that does not parse is refused with its line', () => {
    const mdx = `import X from './x'\n\n<X a={1} />\n\n${BLOCK.replace('chromium.window', 'webkit.window')}\n\nWorks in all browsers.\n`
    expect(places(mdx, {}, 'doc.mdx')).toEqual(['10:5 without_evidence', '17:10 promises_too_much'])
    expect(places('{/* lane-claims-allow: quoted */}\n\nWorks in all browsers.\n', {}, 'doc.mdx')).toEqual([])
    expect(() => readDocument('doc.mdx', '# T\n\n<X\n')).toThrow(/does not parse/)
  })
})

describe('T0 browser_surface: prose that promises too much', () => {
  it.each([
    'It works in all browsers.', 'It works in **all\nmodern browsers**.', 'Every major web browser is supported.', '- full parity', '| a |\n| - |\n| cross-browser |', '> runs everywhere',
    'Works in Safari.', 'The service worker stays alive.', 'It is 100 % compatible.', '# Fully supported', 'Guaranteed timer precision.',
  ])('%j', (source) => {
    expect(check(`${source}\n`).map(({ code }) => code)).toContain('promises_too_much')
  })

  it.each([
    'Runs directly in Firefox\'s window.', '`works in all browsers`', '```\nworks in all browsers\n```', 'all `browsers`', 'all `x` browsers', 'Parity is of one cell. Full stop.', 'The browser is found.', '[x](https://all.browsers)', 'WebKitGTK 2.50',
  ])('%j is let be', (source) => {
    expect(places(`${source}\n`)).toEqual([])
  })

  it('the place is that of the phrase, also on a later line and after markup', () => {
    expect(places('# A\n\nIt is\ngood, and *works in* **all\nbrowsers**.\n')).toEqual(['4:24 promises_too_much'])
    expect(places('It is\nfine in\nall browsers.\n')).toEqual(['3:1 promises_too_much'])
  })

  it('the allow-list and a comment before the block let it stand, and only that', () => {
    const config = { allow: [{ phrase: 'Cross-Browser', reason: 'a name' }] }
    expect(places('cross-browser\n\nall browsers\n', { config })).toEqual(['3:1 promises_too_much'])
    expect(places('<!-- lane-claims-allow: quoted -->\nall browsers\n\nall browsers\n')).toEqual(['4:1 promises_too_much'])
    expect(places('<!-- lane-claims-allow: quoted -->\n\n\n\nall browsers\n')).toEqual(['5:1 promises_too_much'])
    expect(places('<!-- lane-claims-allow: -->\n\nall browsers\n')).toEqual(['3:1 promises_too_much'])
  })

  it('a product that did not run is a warning', () => {
    expect(check('Tested in Chrome.\n')).toMatchObject([{ code: 'names_other_product', severity: 'warning' }])
  })
})

describe('T1 browser_surface: generated tables', () => {
  const MARKED = `before\n\n<!-- lane-table subject="${name}" surface="timer_surface" -->\nold\n<!-- /lane-table -->\n\nafter\n`
  const write = (source: string, file = 'doc.md'): string => refreshTables(readDocument(file, source), [ledger])

  it('are written between their markers, and a second time changes nothing', () => {
    const once = write(MARKED)
    expect(once.startsWith('before\n\n<!-- lane-table')).toBe(true)
    expect(once.endsWith('<!-- /lane-table -->\n\nafter\n')).toBe(true)
    expect(once).toContain('| `window` | direct (1 of 1) |')
    expect(once).toContain('| `shared_worker` | bridge only (1 of 1; subject_declines_host_role) |')
    expect(once).not.toContain('old')
    expect(write(once)).toBe(once)
    expect(places(once)).toEqual([])
  })

  it('one that says otherwise than the evidence is out of date', () => {
    const once = write(MARKED)
    expect(places(MARKED)).toEqual(['3:1 table_out_of_date'])
    expect(places(once.replace('bridge only (1 of 1', 'direct (1 of 1'))).toEqual(['3:1 table_out_of_date'])
  })

  it.each([
    ['no end', MARKED.replace('<!-- /lane-table -->\n', '')], ['an unknown surface', MARKED.replace('timer_surface', 'timers')], ['another subject', MARKED.replace(name, 'other')],
    ['no quotes', MARKED.replace('surface="timer_surface"', 'surface=timer_surface')],
  ])('%s: named, and the document is left as it is', (_what, source) => {
    expect(places(source)).toEqual(['3:1 table_malformed'])
    expect(write(source)).toBe(source)
  })

  it('of a subject with a scope; a lane that nobody saw is no evidence', () => {
    const unseen = { ...tokenIn('unsupported', 'chromium', 'shared_worker', 'timer.a.a'), reason_code: 'bridge_unreachable' as const }
    const scoped = { ...ledgerOf([ledger.verdicts[0]!, unseen]), run: { ...ledger.run, subject: { ...ledger.run.subject, name: '@scope/pkg' } } }
    const made = refreshTables(readDocument('doc.md', MARKED.replace(name, '@scope/pkg')), [scoped])
    expect(made).toContain('| `window` | direct (1 of 1) |')
    expect(made).toContain('| `shared_worker` | no evidence (')
    expect(checkDocuments([readDocument('doc.md', made)], { ...ground, ledgers: [scoped] }).findings).toEqual([])
    expect(places(BLOCK.replace(`subject: ${name}`, `subject: '@scope/pkg@${scoped.run.subject.version}'`), { ledgers: [scoped] })).toEqual([])
  })

  it('several in one document, and in MDX', () => {
    const two = write(`${MARKED}\n${MARKED}`)
    expect(two.match(/direct \(1 of 1\)/g)?.length).toBe(2)
    expect(write(two)).toBe(two)
    const mdx = MARKED.replace(/<!-- (.*?) -->/g, '{/* $1 */}')
    expect(write(write(mdx, 'doc.mdx'), 'doc.mdx')).toBe(write(mdx, 'doc.mdx'))
    expect(write(mdx, 'doc.mdx')).toContain('direct (1 of 1)')
  })
})

describe('T1 browser_surface: SARIF', () => {
  it('has a result a finding, each with its rule and place', () => {
    const report = checkDocuments([readDocument('docs/a b.md', 'all browsers\n')], ground)
    const [run] = claimsSarif(report, '1.0.0', '/x').runs
    expect(run!.results).toMatchObject([{ ruleId: 'promises_too_much', level: 'error', locations: [{ physicalLocation: { artifactLocation: { uri: 'docs/a%20b.md' }, region: { startLine: 1, startColumn: 1 } } }] }])
    for (const { ruleId, ruleIndex } of run!.results!) expect(run!.tool.driver.rules![ruleIndex!]!.id).toBe(ruleId)
  })
})
