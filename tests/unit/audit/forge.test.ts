import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../src/audit/audit.js'
import type { AuditReport } from '../../../src/audit/findings.js'
import { judgeCanary } from '../../../src/canary/judge-canary.js'
import type { CanaryRecord } from '../../../src/contract/canary.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { writeRunTiers } from '../../../src/evidence/tiers-file.js'
import type { Downgrade } from '../../../src/contract/downgrade.js'
import type { CaptureLine, LiveRun, LiveRunMetadata } from '../../../src/contract/evidence.js'
import { LedgerSchema, VerdictSchema, type Ledger, type Verdict } from '../../../src/contract/verdict.js'
import { VERDICTS } from '../../../src/contract/vocabulary.js'
import { sumVerdicts } from '../../../src/judge/sums.js'
import { filesIn, nativeArtifact, putRecords, recordsIn, redigest, writeEvidence } from './evidence.js'

let [home, kept, other, dir] = ['', '', '', '']
let records: string[] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-forge-'))
  ;[kept, other, dir] = [join(home, 'kept'), join(home, 'other'), join(home, 'forged')]
  const artifact = await nativeArtifact()
  await writeEvidence(kept, artifact)
  await writeEvidence(other, artifact, 2)
  records = filesIn(kept).filter((path) => !/^artifacts\/|(?:^|\/)(?:evidence|bundle)\.json$/.test(path))
}, 60_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A forger knows the kit: whatever was changed, all digests over files are made anew. */
async function forged(change: () => void | Promise<void>): Promise<AuditReport> {
  rmSync(dir, { recursive: true, force: true })
  cpSync(kept, dir, { recursive: true })
  await change()
  await redigest(dir)
  return audit(dir)
}
const edit = <Record>(path: string, change: (record: Record) => void): void => {
  const all = recordsIn(dir, path)
  change(all[0] as Record)
  putRecords(dir, path, all)
}
const codes = (report: AuditReport, path?: string): string[] => [...new Set(report.findings.filter((finding) => path === undefined || finding.path.startsWith(path)).map(({ code }) => code))].sort()

type Place = Array<string | number>
const leaves = (value: unknown, place: Place = []): Place[] =>
  (typeof value !== 'object' || value === null ? [place] : Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...place, Array.isArray(value) ? Number(key) : key])))

function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value !== 'string') return 'x'
  return /^[0-9a-f]{64}$/.test(value) ? value.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) : `${value}x`
}

function changeAt(value: unknown, place: Place): void {
  const at = place.slice(0, -1).reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value) as Record<string | number, unknown>
  const last = place.at(-1)!
  at[last] = changed(at[last])
}

/** Provenance: no law rests on it, and nothing else tells of it. Only the digests guard it. */
const PROVENANCE = /live-run\.json 0\.(?:started_at|wall_elapsed_ns|nondeterminism_notes.*|probes\.\d+\.clock_step_ms|results\.\d+\.loss\.detail)$|hosts\/.* 0\.probe\.clock_step_ms$|^ledger\.json 0\.run\.(?:started_at|ended_at|interrupted|lanecheck_version|node_version)$/

describe('T4 evidence: edits by someone who makes all digests anew', () => {
  test('the same digests, made anew, are clean', async () => expect(await forged(() => undefined)).toMatchObject({ findings: [], exit_code: 0 }))

  test('any value of any record, but for provenance, is held by something else', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...records), fc.nat(), async (path, nth) => {
      const all = leaves(recordsIn(kept, path))
      const place = all[nth % all.length]!
      const name = `${path} ${place.join('.')}`
      fc.pre(!PROVENANCE.test(name))
      const report = await forged(() => {
        const values = recordsIn(dir, path)
        changeAt(values, place)
        putRecords(dir, path, values)
      })
      expect(report.exit_code, name).toBe(1)
    }), { numRuns: 40 })
  }, 60_000)

  test('a verdict edited in all three places, sums and all: it does not come out of its bundle', async () => {
    const ledger = recordsIn(kept, 'ledger.json')[0] as Ledger
    const cases = ledger.verdicts.flatMap((verdict, at) => VERDICTS.map((token) => ({ at, forged: { ...verdict, verdict: token, eligibility_verdict: 'eligible' as const, unsupported_reason: token === 'unsupported' ? 'declined' : verdict.unsupported_reason } })))
      .filter(({ at, forged: { verdict } }) => ledger.verdicts[at]!.verdict !== verdict).filter(({ forged: verdict }) => VerdictSchema.safeParse(verdict).success)
    expect(cases.length).toBeGreaterThan(40)
    for (const { at, forged: verdict } of cases.filter((_, index) => index % 4 === 0)) {
      const report = await forged(() => putVerdict(at, verdict))
      const path = `${verdict.artifact_bundle}/verdict.json`
      expect(report.findings.map((finding) => [finding.code, finding.path]), verdict.verdict).toEqual(report.findings.map(() => ['verdict_differs', path]))
      expect(report.findings).toContainEqual({ code: 'verdict_differs', path, field: 'verdict', expected: ledger.verdicts[at]!.verdict, found: verdict.verdict })
      expect(report.exit_code).toBe(1)
    }
  }, 60_000)

  test('a verdict edited in one of its three places: that one is named', async () => {
    const { artifact_bundle, cell_id } = (recordsIn(kept, 'ledger.json')[0] as Ledger).verdicts[0]!
    const named = async (change: () => void): Promise<string[]> => [...new Set((await forged(change)).findings.filter(({ code }) => code === 'copies_differ').map(({ path }) => path))]
    expect(await named(() => edit<Ledger>('ledger.json', ({ verdicts }) => { verdicts[0]!.reason = 'x' }))).toEqual(['ledger.json'])
    expect(await named(() => edit<Verdict>(`${artifact_bundle}/verdict.json`, (verdict) => { verdict.reason = 'x' }))).toEqual([`${artifact_bundle}/verdict.json`])
    expect(await named(() => putRecords(dir, 'ledger.ndjson', (recordsIn(dir, 'ledger.ndjson') as Verdict[]).map((line) => (line.cell_id === cell_id && line.artifact_bundle === artifact_bundle ? { ...line, reason: 'x' } : line))))).toEqual(['ledger.ndjson'])
  })

  test('a verdict without its bundle, nowhere named: whatever it says, the bundle is missed', async () => {
    const { verdicts } = recordsIn(kept, 'ledger.json')[0] as Ledger
    for (const token of ['infrastructure_loss', 'not_run', 'irreproducible', 'semantic_mismatch', 'unsupported'] as const) {
      const gone = verdicts[0]!
      const nowhere = { ...gone, verdict: token, artifact_bundle: null, capture_manifest_path: null, normalized_record_path: null, unsupported_reason: 'family_absent: the subject has no timers.interval' }
      const report = await forged(() => withoutBundle(gone, nowhere))
      // What it would take for a claim does not even parse.
      const [code, path] = token === 'unsupported' ? ['schema_broken', 'ledger.json'] : ['file_missing', `${gone.artifact_bundle}/verdict.json`]
      expect([codes(report), report.exit_code], token).toEqual([[code], 1])
      expect(report.findings.map((finding) => finding.path), token).toContain(path)
    }
  }, 60_000)

  test('a verdict without its bundle that passes for another cell\'s: its line is named', async () => {
    const [gone, other_one] = (recordsIn(kept, 'ledger.json')[0] as Ledger).verdicts as [Verdict, Verdict]
    const { lane_id, scenario_id, artifact_bundle, engine, host_role } = other_one
    const report = await forged(() => withoutBundle(gone, { ...gone, lane_id, scenario_id, artifact_bundle, engine, host_role }))
    expect([codes(report, 'ledger.ndjson'), report.exit_code]).toEqual([['misplaced'], 1])
  })

  test('an engine left out of the ledger, named twice, or named without a host packet', async () => {
    const of_engines = async (change: (engines: Ledger['run']['engines']) => void) => (await forged(() => edit<Ledger>('ledger.json', ({ run }) => change(run.engines)))).findings
    expect((recordsIn(kept, 'ledger.json')[0] as Ledger).run.engines.map(({ engine }) => engine)).toEqual(['chromium', 'firefox'])
    expect(await of_engines((engines) => engines.pop())).toMatchObject([{ code: 'admission_differs', path: 'ledger.json', field: 'run.engines', expected: 'firefox, which its host packets name' }])
    for (const more of ['firefox', 'webkit'] as const) {
      expect(await of_engines((engines) => engines.push({ ...engines[1]!, engine: more }))).toMatchObject([{ code: 'admission_differs', path: 'ledger.json', field: 'run.engines[2]', found: more }])
    }
  })

  test('a record with a break taken out of it, digests and verdict to match', async () => {
    const bundle = 'bundles/firefox.window.direct/timer.order.distinct'
    const report = await forged(() => edit<LiveRun>(`${bundle}/live.json`, ({ attempts }) => { attempts[0]!.record = attempts[1]!.record }))
    expect(codes(report, `${bundle}/live.json`)).toEqual(['record_differs'])
  })

  test('the same record in another form: without its spaces, or with a member told twice', async () => {
    for (const path of ['plan.json', 'hosts/firefox.window.json', 'bundles/firefox.window.direct/timer.order.distinct/live-run.json']) {
      const text = readFileSync(join(kept, path), 'utf8')
      for (const form of [JSON.stringify(JSON.parse(text)), text.replace('{', '{"schema": "another",')]) {
        expect(codes(await forged(() => writeFileSync(join(dir, path), form)), path)).toContain('form_changed')
      }
    }
  })

  test('an attempt called a loss', async () => {
    const bundle = 'bundles/firefox.window.direct/timer.order.distinct'
    const report = await forged(() => edit<LiveRunMetadata>(`${bundle}/live-run.json`, ({ results }) => { results[1]!.loss = { what: 'realm_silent', detail: 'so they say' } }))
    expect(codes(report, `${bundle}/live-run.json`)).toContain('results_differ')
  })

  test('a captured line taken out, or put in another place', async () => {
    const path = 'bundles/chromium.window.direct/websocket.close.by_subject/capture.ndjson'
    const lines = recordsIn(kept, path)
    await fc.assert(fc.asyncProperty(fc.nat(lines.length - 2), fc.nat(lines.length - 1), fc.boolean(), async (from, to, out) => {
      const rest = lines.filter((_, at) => at !== from)
      const moved = out ? rest : [...rest.slice(0, to), lines[from], ...rest.slice(to)]
      fc.pre(out || from !== to)
      expect(codes(await forged(() => putRecords(dir, path, moved)), path)).toContain('order_differs')
    }), { numRuns: 12 })
  }, 60_000)

  test('the ledger in another order than the plan', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(7), fc.nat(7), async (one, two) => {
      fc.pre(one !== two)
      const report = await forged(() => edit<Ledger>('ledger.json', ({ verdicts }) => { [verdicts[one], verdicts[two]] = [verdicts[two]!, verdicts[one]!] }))
      expect(codes(report)).toEqual(['order_differs'])
    }), { numRuns: 8 })
  })

  test('a downgrade that is told otherwise than the logs have it, is not told at all, or is claimed where there was none', async () => {
    const [direct, bridge] = ['bundles/chromium.window.direct/timer.order.distinct', 'bundles/chromium.shared_worker.bridge/timer.order.distinct']
    const told = await forged(() => edit<Downgrade>(`${bridge}/downgrade.json`, (record) => { record.attempts[0]!.carrier = 'long_polling' }))
    expect(codes(told)).toEqual(['downgrade_differs'])
    const untold = await forged(() => rmSync(join(dir, bridge, 'downgrade.json')))
    expect(untold.findings.map(({ code, path }) => `${code} ${path}`)).toEqual([`file_missing ${bridge}/downgrade.json`])
    const claimed = await forged(() => cpSync(join(dir, bridge, 'downgrade.json'), join(dir, direct, 'downgrade.json')))
    expect(codes(claimed, `${direct}/downgrade.json`)).toEqual(expect.arrayContaining(['file_added', 'misplaced']))
  })

  test('a handshake of another session, in all that is derived from the capture: the verdict does not come out', async () => {
    const bridge = 'bundles/chromium.shared_worker.bridge/timer.order.distinct'
    const replayed = await forged(() => putRecords(dir, `${bridge}/capture.ndjson`, (recordsIn(dir, `${bridge}/capture.ndjson`) as CaptureLine[]).map((line) =>
      (line.event.witness === 'bridge' && line.event.side === 'realm' && line.event.session !== '' ? { ...line, event: { ...line.event, session: 'replayed' } } : line))))
    expect(codes(replayed, bridge)).toEqual(expect.arrayContaining(['capture_differs', 'downgrade_differs', 'verdict_differs']))
  })

  test('a whole bundle from another run, or from another lane', async () => {
    const [direct, bridge] = ['bundles/chromium.window.direct/timer.order.distinct', 'bundles/chromium.shared_worker.bridge/timer.order.distinct']
    const foreign = await forged(() => cpSync(join(other, direct), join(dir, direct), { recursive: true }))
    expect(codes(foreign, `${direct}/bundle.json`)).toEqual(['other_run'])
    const moved = await forged(() => cpSync(join(kept, bridge), join(dir, direct), { recursive: true }))
    expect(codes(moved, direct)).toContain('misplaced')
  })
})

describe('T4 evidence: no verdict without good canaries', () => {
  const path = 'canaries/chromium.1.json'
  test('taken away, digests to match', async () => {
    const report = await forged(() => rmSync(join(dir, path)))
    expect([codes(report, path), report.exit_code]).toEqual([['canary_missing'], 1])
    expect(codes(report)).toEqual(['canary_missing'])
  })
  test('a bad one called good', async () => {
    const report = await forged(() => edit<CanaryRecord>(path, ({ canaries }) => { canaries[2]!.seen.loss = { what: 'realm_crashed', detail: 'gone' } }))
    expect(report.findings.map(({ code, field }) => [code, field])).toEqual([['canary_differs', 'good'], ['canary_differs', 'canaries[2].given'], ['canary_differs', 'canaries[2].good'], ['canary_differs', 'canaries[2].seen_digest']])
  })
  test('a bad one, told as it was: the verdicts that rest on it are named', async () => {
    const report = await forged(() => edit<CanaryRecord>(path, (record) => {
      const canaries = record.canaries.map(({ canary, seen }) => judgeCanary(canary, canary === 'hang' ? { ...seen, loss: null } : seen, canonicalDigest))
      Object.assign(record, { good: false, canaries })
    }))
    expect(codes(report)).toEqual(['canary_missing'])
    expect(new Set(report.findings.map((finding) => finding.path))).toEqual(new Set(filesIn(dir).filter((name) => /^bundles\/chromium.*(?:(?:direct|bridge).*\/live-run|shared_worker\.none.*\/verdict)\.json$/.test(name))))
  })
  test('those of another run, or of another engine', async () => {
    expect(codes(await forged(() => cpSync(join(kept, 'canaries/firefox.1.json'), join(dir, path))), path)).toContain('misplaced')
    expect(codes(await forged(() => edit<CanaryRecord>(path, (record) => { record.run_id = 'another' })))).toEqual(['other_run'])
  })
})

describe('T0 evidence: what is not there yet is not what was changed', () => {
  test('a planned cell without any trace is missing: 3, not 1', async () => {
    const report = await forged(() => {
      const gone = (recordsIn(dir, 'ledger.json')[0] as Ledger).verdicts[3]!
      rmSync(join(dir, gone.artifact_bundle!), { recursive: true })
      putRecords(dir, 'ledger.ndjson', (recordsIn(dir, 'ledger.ndjson') as Verdict[]).filter(({ cell_id }) => cell_id !== gone.cell_id))
      putLedger((verdicts) => verdicts.filter(({ cell_id }) => cell_id !== gone.cell_id))
    })
    expect([codes(report), report.exit_code]).toEqual([['cell_missing'], 3])
    expect(report.findings.map(({ field }) => field)).toEqual(['chromium.shared_worker/websocket.close.by_subject', 'chromium.shared_worker/websocket.close.by_subject'])
  })

  test('a run that was cut off: its last line short, a file half-written', () => {
    rmSync(dir, { recursive: true, force: true })
    cpSync(kept, dir, { recursive: true })
    for (const name of ['ledger.json', 'evidence.json']) rmSync(join(dir, name))
    const lines = readFileSync(join(dir, 'ledger.ndjson'), 'utf8').trimEnd().split('\n')
    const last = JSON.parse(lines.at(-1)!) as Verdict
    rmSync(join(dir, last.artifact_bundle!), { recursive: true })
    writeFileSync(join(dir, 'ledger.ndjson'), `${lines.slice(0, -1).join('\n')}\n${lines.at(-1)!.slice(0, 90)}`)
    writeFileSync(join(dir, 'hosts/webkit.window.json.0123456789ab.part'), '{')
    const half = join(dir, `${last.artifact_bundle}.0123456789ab.part`)
    mkdirSync(half)
    writeFileSync(join(half, 'lab.json'), '{')
    const report = audit(dir)
    expect([codes(report), report.exit_code, report.cells]).toEqual([['cell_missing', 'run_unfinished'], 3, { planned: 8, judged: 7, derived: 7 }])
  })
})

function putLedger(change: (verdicts: Verdict[]) => Verdict[]): void {
  edit<Ledger>('ledger.json', (ledger) => {
    ledger.verdicts = change(ledger.verdicts)
    Object.assign(ledger, LedgerSchema.parse({ ...ledger, sums: sumVerdicts(ledger.verdicts) }))
  })
}

/** Its bundle and what it says of it are gone; what is left says so in both ledgers. */
async function withoutBundle(gone: Verdict, left: Verdict): Promise<void> {
  rmSync(join(dir, gone.artifact_bundle!), { recursive: true })
  putRecords(dir, 'ledger.ndjson', (recordsIn(dir, 'ledger.ndjson') as Verdict[]).map((line) => (line.cell_id === gone.cell_id && line.artifact_bundle === gone.artifact_bundle ? left : line)))
  edit<Ledger>('ledger.json', (ledger) => {
    ledger.verdicts = ledger.verdicts.map((verdict) => (verdict.cell_id === gone.cell_id ? left : verdict))
    ledger.sums = sumVerdicts(ledger.verdicts)
  })
  await writeRunTiers(dir, recordsIn(dir, 'ledger.json')[0] as Ledger)
}

function putVerdict(at: number, verdict: Verdict): void {
  putRecords(dir, `${verdict.artifact_bundle}/verdict.json`, [verdict])
  putRecords(dir, 'ledger.ndjson', (recordsIn(dir, 'ledger.ndjson') as Verdict[]).map((line) => (line.cell_id === verdict.cell_id && line.artifact_bundle === verdict.artifact_bundle ? verdict : line)))
  putLedger((verdicts) => verdicts.map((before, index) => (index === at ? verdict : before)))
}
