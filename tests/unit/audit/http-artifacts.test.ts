import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../src/audit/audit.js'
import { derive } from '../../../src/audit/derive.js'
import type { AuditReport } from '../../../src/audit/findings.js'
import { bundlePlace } from '../../../src/audit/places.js'
import { CaptureLineSchema, LabRunSchema, LiveRunMetadataSchema, type CaptureLine } from '../../../src/contract/evidence.js'
import { ScenarioSchema } from '../../../src/contract/scenario.js'
import { LedgerSchema } from '../../../src/contract/verdict.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { nativeArtifact, putRecords, recordsIn, redigest, writeEvidence } from './evidence.js'

const ID = 'http.h2.post'
const BUNDLE = `bundles/chromium.window.direct/${ID}`
let [home, kept, dir] = ['', '', '']

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-http-artifacts-'))
  ;[kept, dir] = [join(home, 'kept'), join(home, 'changed')]
  await writeEvidence(kept, await nativeArtifact(), 1, [ID])
}, 60_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Whoever changed it made all digests anew. */
async function forged(change: () => void): Promise<AuditReport> {
  rmSync(dir, { recursive: true, force: true })
  cpSync(kept, dir, { recursive: true })
  change()
  await redigest(dir)
  return audit(dir)
}
const codesAt = (report: AuditReport, file: string): string[] => [...new Set(report.findings.filter(({ path }) => path.startsWith(`${BUNDLE}/${file}`)).map(({ code }) => code))]
const captured = (change: (lines: CaptureLine[]) => unknown[]): void => putRecords(dir, `${BUNDLE}/capture.ndjson`, change(recordsIn(dir, `${BUNDLE}/capture.ndjson`) as CaptureLine[]))
const withVersion = (http_version: string) => (lines: CaptureLine[]): CaptureLine[] =>
  lines.map((line) => (line.event.kind === 'peer.request' ? { ...line, event: { ...line.event, http_version } } : line))

/** The verdict that the bundle's own files give, whatever it says itself. */
function verdictOf(change: (lines: CaptureLine[]) => unknown[]): unknown {
  const read = (name: string): unknown => recordsIn(kept, `${BUNDLE}/${name}`)[0]
  const capture = change(recordsIn(kept, `${BUNDLE}/capture.ndjson`) as CaptureLine[]).map((line) => CaptureLineSchema.parse(line))
  const { verdict } = derive({
    place: bundlePlace(BUNDLE)!,
    scenario: ScenarioSchema.parse(read('scenario.json')), lab: LabRunSchema.parse(read('lab.json')), run: LiveRunMetadataSchema.parse(read('live-run.json')), live: null,
    capture, capture_sha256: sha256Hex('x'), repro_command: 'npx lanecheck verify',
  })
  return typeof verdict === 'string' ? verdict : { verdict: verdict.verdict, eligibility_verdict: verdict.eligibility_verdict }
}
const WITHOUT_PEER = (lines: CaptureLine[]): CaptureLine[] => lines.filter(({ event }) => event.witness !== 'peer')

describe('T4 http_surface: a bundle that lacks a witness, or has a false one', () => {
  test('as it was kept it is parity over h2, and clean', () => {
    expect(audit(kept)).toMatchObject({ findings: [], exit_code: 0 })
    const ledger = LedgerSchema.parse(JSON.parse(readFileSync(join(kept, 'ledger.json'), 'utf8')))
    expect(ledger.verdicts.find(({ lane_id }) => lane_id === 'chromium.window.direct')).toMatchObject({ verdict: 'parity', surface_family: 'http_surface' })
    expect(verdictOf((lines) => lines)).toEqual({ verdict: 'parity', eligibility_verdict: 'eligible' })
  })
  test('no certificate and no key is in it', () => {
    const texts = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.endsWith('artifacts')).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    for (const text of texts) expect(text).not.toMatch(/BEGIN (?:CERTIFICATE|[A-Z ]*PRIVATE KEY)/)
  })

  test.each([
    ['peer events are gone', WITHOUT_PEER, 'blocked_missing_observability'],
    ['the peer wrote down no version', withVersion(''), 'blocked_missing_observability'],
    ['the peer saw another version than its model declares', withVersion('HTTP/1.1'), 'blocked_missing_virtualization'],
  ])('%s: its files give invalid_experiment, and the audit finds that they no longer give the verdict', async (_what, change, eligibility_verdict) => {
    expect(verdictOf(change)).toEqual({ verdict: 'invalid_experiment', eligibility_verdict })
    const report = await forged(() => captured(change))
    expect(report.exit_code).toBe(1)
    expect(codesAt(report, 'verdict.json')).toEqual(['verdict_differs'])
    expect(codesAt(report, 'capture-manifest.json')).toContain('capture_differs')
    expect(codesAt(report, 'live.json')).toEqual(['record_differs'])
  })

  test('a malformed line: the bundle is refused as it stands', async () => {
    const report = await forged(() => captured((lines) => lines.map((line) => (line.event.kind === 'peer.request' ? { ...line, event: { ...line.event, transport: 'one' } } : line))))
    expect(report.exit_code).toBe(1)
    expect(codesAt(report, 'capture.ndjson')).toEqual(['schema_broken'])
  })
  test('a record that claims another version than the capture holds', async () => {
    const report = await forged(() => {
      const path = `${BUNDLE}/live.json`
      const [live] = recordsIn(dir, path) as Array<{ attempts: Array<{ record: { semantic: { exchanges: Record<string, { protocol_version: string }> } } }> }>
      live!.attempts[0]!.record.semantic.exchanges['x']!.protocol_version = 'http/1.1'
      putRecords(dir, path, [live])
    })
    expect(codesAt(report, 'live.json')).toContain('record_differs')
  })
  test('a record of a version that there is not', async () => {
    const report = await forged(() => {
      const path = `${BUNDLE}/live.json`
      putRecords(dir, path, [JSON.parse(JSON.stringify(recordsIn(dir, path)[0]).replaceAll('"protocol_version":"h2"', '"protocol_version":"h3"'))])
    })
    expect(codesAt(report, 'live.json')).toEqual(['schema_broken'])
  })
  test('a capture manifest that is missing', async () => {
    const report = await forged(() => rmSync(join(dir, BUNDLE, 'capture-manifest.json')))
    expect(report.exit_code).toBe(1)
    expect(report.findings).toEqual(expect.arrayContaining([expect.objectContaining({ path: `${BUNDLE}/capture-manifest.json`, code: 'file_missing' })]))
  })
})
