import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DowngradeReportSchema } from '../../../src/contract/downgrade-report.js'
import { NOT_CARRIED } from '../../../src/contract/not-carried.js'
import { compareTrial } from '../../../src/downgrade/compare.js'
import { diagramOf, readDiagramInput } from '../../../src/downgrade/diagram.js'
import { writtenPage } from '../../../src/downgrade/docs.js'
import { downgradeHtml } from '../../../src/downgrade/html.js'
import { betweenMarkers } from '../../../src/downgrade/page.js'
import { downgradeTable } from '../../../src/downgrade/table.js'
import { TRIALS } from '../../../src/downgrade/trials.js'
import { paintFor } from '../../../src/report/paint.js'
import { ROOT } from '../cli/run.js'
import { givenAs, reportOf, SUBJECT, trialOf } from './support.js'

const row = (id: string, change: Parameters<typeof givenAs>[1] = {}, engine: 'chromium' | 'firefox' = 'chromium') => compareTrial(trialOf(id), engine, 'window', SUBJECT, givenAs(trialOf(id), change))
const WRONG = { downgrade: { attempts: [{ lost: false, carrier: 'long_polling' }] as never } }
const report = reportOf([row('control.nothing_taken'), row('control.nothing_taken', {}, 'firefox'), row('taken.websocket'), row('taken.websocket', WRONG, 'firefox')])
const table = downgradeTable(report, paintFor({}))

describe('T0 browser_surface: the table of a downgrade run', () => {
  test('lanes that say the same in one line, a wrong answer first in its trial, with both values, its file and a command', () => {
    expect(() => DowngradeReportSchema.parse(report)).not.toThrow()
    expect(table).toMatch(/^ +trial +lanes +expected +given\n ok +control\.nothing_taken +chromium, firefox: window +direct +the same\n DIFFERENT +taken\.websocket +firefox: window/)
    expect(table).toMatch(/Not as expected:\n {2}DIFFERENT taken\.websocket in firefox\.window .*\n {4}carrier of downgrade\.taken\.websocket\.timers: expected fetch_streaming, given long_polling {2}bundles\/.*downgrade\.json\n {4}again: again/)
    expect(table).toMatch(/4 answers to 2 trials: 3 ok, 1 different$/)
    expect(downgradeTable({ ...report, interrupted: true }, paintFor({}))).toMatch(/cut off/)
  })
  test('what no bridge carries is said where something went over one, and only there', () => {
    const not_carried = [{ id: NOT_CARRIED[0], what: 'the order', because: 'b', instead: 'i', law: 'order' }]
    expect(downgradeTable({ ...report, not_carried }, paintFor({}))).toContain('What no bridged answer above says anything of:\n  order_across_it: the order')
    expect(downgradeTable(reportOf([row('control.nothing_taken')], { not_carried }), paintFor({}))).not.toContain('no bridged answer')
  })
})

describe('T0 browser_surface: the page of a downgrade run', () => {
  const hostile = '<img src=x onerror="alert(1)"> & \'more\''
  const page = downgradeHtml(reportOf([row('taken.websocket', { verdict: { reason: hostile, repro_command: hostile } }), row('taken.worker', { verdict: { verdict: 'semantic_mismatch' } })], { subject: { ...SUBJECT, name: hostile } }))
  test('every text is escaped', () => {
    expect(page).not.toContain('<img')
    expect(page.match(/&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt; &amp; &#39;more&#39;/g)!.length).toBeGreaterThanOrEqual(4)
  })
  test('it stands alone: no script, nothing loaded; light and dark; outcomes in words; reached by keyboard', () => {
    expect(page).not.toMatch(/<script|<link|\b(?:src|href)="(?!#)/)
    expect(page).toMatch(/color-scheme: light dark/)
    expect(page).toMatch(/<html lang="en">/)
    expect(page).toMatch(/<span class="different">different: direct<\/span>/)
    expect(page.match(/class="wide" role="region" aria-label="[^"]+" tabindex="0"/g)).toHaveLength(page.match(/class="wide"/g)!.length)
    expect([...page.matchAll(/href="#([^"]+)"/g)].every(([, id]) => page.includes(`<section id="${id}">`))).toBe(true)
  })
})

const SAMPLE = join(ROOT, 'tests', 'golden', 'downgrade-sample')
const DOC = join(ROOT, 'docs', 'downgrade.md')

describe('T1 browser_surface: docs/downgrade.md', () => {
  const doc = readFileSync(DOC, 'utf8')
  test('is what `node scripts/downgrade-page.mjs` writes from the kept sample', () => {
    expect(writtenPage(doc, readDiagramInput(SAMPLE))).toBe(doc)
  })
  test('has every trial, and all that a bridge cannot carry', () => {
    for (const { id } of TRIALS) expect(doc).toContain(`| \`${id}\` |`)
    for (const id of NOT_CARRIED) expect(doc).toContain(`| \`${id}\` |`)
  })
  test('a page without its markers is refused', () => expect(() => betweenMarkers('# No place', { trials: '' })).toThrow(/<!-- trials -->/))
})

describe('T1 browser_surface: the diagram of a downgrade', () => {
  const sample = readDiagramInput(SAMPLE)
  test('offer, acceptance and run before the peers, the two ends after them', () => {
    const arrows = diagramOf(sample).split('\n').filter((line) => line.includes('>>')).map((line) => line.trim().replace(/:.*/, ''))
    expect(arrows).toEqual(['R->>S', 'S-->>R', 'R->>S', 'S->>W', 'W->>P', 'W->>P', 'P-->>W', 'W->>P', 'S-->>R', 'R->>R', 'S->>S', 'R->>R'])
  })
  test('says what was missing, what carried it, and whether the logs agree; no text can break out', () => {
    expect(diagramOf(sample)).toMatch(/missing_capability webassembly[\s\S]*by fetch_streaming[\s\S]*the two logs agree[\s\S]*never parity/)
    const { downgrade, events } = sample
    const odd = { ...downgrade, attempts: downgrade.attempts.map((attempt) => ({ ...attempt, disagreements: [{ field: 'events', realm: '1', server: '2' }] })) }
    expect(diagramOf({ downgrade: odd, events })).toContain('the two logs disagree: events')
    const said = events.map((event) => (event.kind === 'peer.message' ? { ...event, message: { kind: 'text' as const, length: 9, sha256: 'a'.repeat(64), text: 'a; b\nend' } } : event))
    expect(diagramOf({ downgrade, events: said })).toContain('channel c: a, b end\n')
  })
  test('a folder that is no bridged bundle is refused', () => expect(() => readDiagramInput(ROOT)).toThrow(expect.objectContaining({ code: 'evidence_invalid' })))
})
