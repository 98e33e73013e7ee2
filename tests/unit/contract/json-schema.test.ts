import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { findEngine } from '../../../lanes/engines/find.js'
import { jsonSchemaOf, schemaFileName } from '../../../src/contract/json-schema.js'
import { CellIdSchema, LaneIdSchema } from '../../../src/contract/lane.js'
import { ENGINES, HOST_ROLES, ROUTES } from '../../../src/contract/vocabulary.js'
import { init } from '../../../src/init/init.js'
import { nobody } from '../../../src/init/questions.js'
import { workerEndRecord } from '../../../src/judge/worker-end.js'
import { RECORD_KINDS, schemaFiles } from '../../../src/report/schema-files.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'
import { compareTrial } from '../../../src/downgrade/compare.js'
import { NOT_CARRIED, NOT_CARRIED_STATEMENTS } from '../../../src/contract/not-carried.js'
import { givenAs, reportOf, SUBJECT, trialOf } from '../downgrade/support.js'
import { recordOf, TESTS } from '../gate/support.js'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Doc = { [key: string]: Json }

const RUN_LIMIT_MS = 60_000
const shipped = (record: string): Doc => JSON.parse(readFileSync(join('schemas', schemaFileName(record)), 'utf8')) as Doc
const ajv = new Ajv2020({ formats: { 'date-time': true }, strict: true, strictTypes: false, strictRequired: false })
const validators = new Map<string, ValidateFunction>(RECORD_KINDS.map(({ record }) => [record, ajv.compile(shipped(record))]))

/** What is wrong with a value by the schema that the package ships; empty when nothing is. */
function wrong(record: string, value: Json): string[] {
  const validate = validators.get(record)!
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
}

/** Which record a file of an evidence folder is, and its values: one, or one a line. */
function read(path: string): { record: string; values: Doc[] } {
  const name = basename(path)
  const text = readFileSync(path, 'utf8')
  const record = /\/hosts\/[^/]+\.json$/.test(path) ? 'host-packet' : /\/canaries\/[^/]+\.json$/.test(path) ? 'canary' : /\/shards\/[^/]+\.json$/.test(path) ? 'shard' : FILES[name]
  if (record === undefined) throw new Error(`no record is known for ${name}`)
  const values = name.endsWith('.ndjson') ? text.trimEnd().split('\n') : [text]
  return { record, values: values.map((value) => JSON.parse(value) as Doc) }
}
const FILES: Record<string, string> = {
  'plan.json': 'plan', 'ledger.json': 'ledger', 'ledger.ndjson': 'verdict', 'verdict.json': 'verdict', 'bundle.json': 'bundle', 'scenario.json': 'scenario', 'lab.json': 'lab-run', 'live.json': 'live-run',
  'live-run.json': 'live-run-metadata', 'replay.json': 'replay-metadata', 'capture-manifest.json': 'capture-manifest', 'capture.ndjson': 'capture-line', 'lanecheck.expectations.json': 'expectations', 'evidence.json': 'evidence-index', 'downgrade.json': 'downgrade', 'worker-end.json': 'worker-end', 'own-server.json': 'own-server', 'tiers.json': 'run-tiers', 'tier-record.json': 'tier-record', 'times.json': 'times',
}

const filesUnder = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))

describe('T0 schemas/', () => {
  test('holds what the Zod schemas say now; when it is stale, `npm run schemas` writes it anew', () => {
    const onDisk = new Map(readdirSync('schemas').sort().map((name) => [name, readFileSync(join('schemas', name), 'utf8')]))
    const now = schemaFiles()
    expect([...onDisk.keys()]).toEqual([...now.keys()].sort())
    expect([...now].filter(([name, text]) => onDisk.get(name) !== text).map(([name]) => name)).toEqual([])
  })
  test('has a schema for every versioned record that the sources name', () => {
    const named = filesUnder('src').filter((path) => path.endsWith('.ts')).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/z\.literal\('lanecheck\.([a-z-]+)\.v1'\)/g)].map(([, record]) => record))
    expect(named.length).toBeGreaterThan(8)
    expect(named.filter((record) => !validators.has(record!))).toEqual([])
  })
  test.each(RECORD_KINDS.map(({ record }) => record))('%s: draft 2020-12, closed, with its name', (record) => {
    const schema = shipped(record)
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: `lanecheck.${record}.v1`, type: 'object', additionalProperties: false })
    const { schema: version } = schema.properties as Doc
    if (version !== undefined) expect(version).toMatchObject({ const: `lanecheck.${record}.v1` })
  })
  test('which contradictions only the kit checks is written where they are', () => {
    const comments = (record: string, part?: string): unknown => (part === undefined ? shipped(record) : (shipped(record).$defs as Record<string, Doc>)[part])?.$comment
    for (const comment of [comments('verdict'), comments('ledger', 'Verdict'), comments('host-packet', 'Admission'), comments('live-run-metadata', 'Admission')]) expect(comment).toMatch(/^Checked by lanecheck only: .*support_class/)
  })
  test('a refinement or a check by a function that nobody put into words does not become a schema', () => {
    const kind = (schema: z.ZodType) => ({ record: 'x', file: 'x', schema })
    expect(() => jsonSchemaOf(kind(z.strictObject({ a: z.number() }).superRefine(() => undefined)))).toThrowError(expect.objectContaining({ code: 'internal' }))
    expect(() => jsonSchemaOf(kind(z.strictObject({ a: z.custom(() => false) })))).toThrowError(expect.objectContaining({ code: 'internal', where: 'properties/a' }))
  })
  test('lane and cell ids: the patterns take what the kit takes and nothing else', () => {
    const [lane, cell] = [['LaneId', LaneIdSchema], ['CellId', CellIdSchema]].map(([id, schema]) => ({ pattern: new RegExp(((shipped('verdict').$defs as Record<string, Doc>)[id as string]!.pattern) as string, 'u'), schema: schema as z.ZodType }))
    const words = ['', '.', 'x', 'Chromium', ...ENGINES]
    const ids = words.flatMap((engine) => ['window2', 'server', ...HOST_ROLES].flatMap((role) => [
      ...['direct ', '*', ...ROUTES].map((route) => `${engine}.${role}.${route}`),
      ...['timer.a', 'timer', 'timer.', 'timer.A', 'timer.a/b', 'timer.a\n', 'a.b.c_1'].map((scenario) => `${engine}.${role}/${scenario}`),
    ]))
    for (const { pattern, schema } of [lane!, cell!]) {
      const taken = ids.filter((id) => schema.safeParse(id).success)
      expect(taken.length).toBeGreaterThan(20)
      expect(ids.filter((id) => pattern.test(id))).toEqual(taken)
    }
  })
})

describe('T0 schemas of what is written by hand', () => {
  test.each(CATALOGUE.map((scenario) => [scenario.id, scenario] as const))('scenario %s', (_, scenario) => expect(wrong('scenario', JSON.parse(JSON.stringify(scenario)) as Json)).toEqual([]))
  test('a timer wants exactly one of after_ticks and after_ms, also inside a callback', () => {
    const scenario = (step: Doc): Json => ({ ...(JSON.parse(JSON.stringify(CATALOGUE[0])) as Doc), tasks: { main: [step] } })
    const set = (more: Doc): Doc => ({ op: 'timer.set', timer: 'a', ...more })
    for (const [more, fine] of [[{ after_ticks: 1 }, true], [{ after_ms: 1 }, true], [{}, false], [{ after_ticks: 1, after_ms: 1 }, false]] as const) {
      expect(wrong('scenario', scenario(set(more))).length === 0).toBe(fine)
      expect(wrong('scenario', scenario(set({ after_ticks: 0, on_fire: [set(more)] }))).length === 0).toBe(fine)
    }
  })
  test('the expectations file of this repository, and one with an unknown verdict', () => {
    const { values: [file] } = read('lanecheck.expectations.json')
    expect(wrong('expectations', file!)).toEqual([])
    const [first] = file!.expectations as Doc[]
    expect(wrong('expectations', { ...file, expectations: [{ ...first, verdict: 'fine' }] })).toHaveLength(1)
  })
})

/** As a run with `--end-service-worker` leaves it; the lane tests check those of real runs. */
const WORKER_END = JSON.parse(JSON.stringify(workerEndRecord(
  { cell_id: 'chromium.service_worker/timer.order.distinct', lane_id: 'chromium.service_worker.bridge', scenario_id: 'timer.order.distinct' },
  [{
    seen: { how: 'stopped', phase: 'in_scenario', instance: { nonce: 'first', starts: 1 }, asked_at: 2, gone_at: 2, back: { nonce: 'second', starts: 1 } },
    events: [
      { witness: 'bridge', id: 'bridge', side: 'server', kind: 'bridge.accepted', session: 's', artifact_sha256: null, seq: 0, ticks: 0, ms: 0 },
      { witness: 'subject', kind: 'timer.set', id: 'a', delay_ms: 5, seq: 1, ticks: 0, ms: 0 }, { witness: 'subject', kind: 'mark', id: 'm', seq: 2, ticks: 0, ms: 0 },
    ],
  }],
))) as Doc
/** The reference subject has no server of its own. */
const OWN_SERVER: Doc = {
  schema: 'lanecheck.own-server.v1', run_id: 'r', ready: true, lost: null, ended: { how: 'stopped', code: null, signal: 'SIGTERM' }, stdout: { bytes: 1, kept: 'x' }, stderr: { bytes: 0, kept: '' },
  server: { kind: 'command', command: ['node', 'server.mjs'], ready: { path: '/health' }, limit_ms: 1_000 },
}
/** A downgrade report with an answer that differs. */
function madeReport(): Doc {
  const trial = trialOf('taken.websocket')
  const row = compareTrial(trial, 'chromium', 'window', SUBJECT, givenAs(trial, { downgrade: { complete: false } }))
  return JSON.parse(JSON.stringify(reportOf([row], { not_carried: NOT_CARRIED.map((id) => ({ id, ...NOT_CARRIED_STATEMENTS[id] })) }))) as Doc
}

const CHROMIUM = findEngine('chromium').found

describe.skipIf(!CHROMIUM)('T2 timer_surface virtual_transport_surface: an independent validator over a real run', () => {
  let folder: string
  let files: string[]
  /** A value of every record, as the run left them. */
  const samples = new Map<string, Doc>()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lanecheck-test-'))
    const out = join(folder, 'evidence')
    const choice = ['--engine', 'chromium', '--role', 'dedicated_worker,shared_worker', '--subject', 'reference', '--scenario', 'timer.order.*', '--scenario', 'websocket.close.*', '--scenario', 'sse.*']
    const said = await lanecheck('verify', ...choice, '--shard', '1/1', '--write-times', join(folder, 'times.json'), '--out', out, '--quiet')
    files = filesUnder(out).filter((path) => !path.includes('/artifacts/'))
    if (!files.some((path) => basename(path) === 'ledger.json')) throw new Error(`the run left no ledger: ${said.stderr}`)
    for (const { record, values } of [...files.map(read), read('lanecheck.expectations.json'), read(join(folder, 'times.json'))]) samples.set(record, values.at(-1)!)
    const [attempt] = samples.get('live-run')!.attempts as Doc[]
    samples.set('normalized-record', attempt!.record as Doc)
    samples.set('audit', JSON.parse((await lanecheck('audit', out, '--json')).stdout) as Doc)
    samples.set('worker-end', WORKER_END)
    samples.set('own-server', OWN_SERVER)
    samples.set('tier-record', JSON.parse(JSON.stringify(recordOf(TESTS).record)) as Doc)
    samples.set('downgrade-report', madeReport())
    samples.set('gate', JSON.parse((await lanecheck('gate', out, '--json')).stdout) as Doc)
    samples.set('gate-packet', (samples.get('gate')!.packets as Doc[])[0]!)
    samples.set('doctor', JSON.parse((await lanecheck('doctor', '--no-launch', '--json')).stdout) as Doc)
    const package_folder = join(folder, 'package')
    cpSync('examples/wasm-pack-crate/pkg', join(package_folder, 'pkg'), { recursive: true })
    samples.set('init', JSON.parse(JSON.stringify(await init({ folder: package_folder, wanted: null, missing: false, decide: nobody }))) as Doc)
    samples.set('config', JSON.parse(readFileSync(join(package_folder, 'lanecheck.config.json'), 'utf8')) as Doc)
    samples.set('inspection', JSON.parse((await lanecheck('inspect', './subjects/reference/pkg', '--json')).stdout) as Doc)
    const [db, second] = [join(folder, 'history.db'), join(folder, 'second')]
    await lanecheck('verify', '--engine', 'chromium', '--role', 'dedicated_worker', '--subject', 'reference', '--scenario', 'timer.order.equal', '--seed', '2', '--out', second, '--quiet')
    samples.set('history-added', JSON.parse((await lanecheck('history', 'add', out, second, '--db', db, '--json')).stdout) as Doc)
    samples.set('history', JSON.parse((await lanecheck('history', 'show', '--db', db, '--json')).stdout) as Doc)
    samples.set('history-diff', JSON.parse((await lanecheck('history', 'diff', 'latest~1', 'latest', '--db', db, '--json')).stdout) as Doc)
    writeFileSync(join(folder, 'doc.md'), 'It works in all browsers, Safari too.\n')
    samples.set('claims', JSON.parse((await lanecheck('claims', 'check', join(folder, 'doc.md'), '--evidence', out, '--json')).stdout) as Doc)
  }, 2 * RUN_LIMIT_MS)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('every file it left is of a known record, and valid', () => {
    expect(files.length).toBeGreaterThan(100)
    const problems = files.flatMap((path) => {
      const { record, values } = read(path)
      return values.flatMap((value) => wrong(record, value)).map((problem) => `${path.slice(folder.length)}: ${problem}`)
    })
    expect(problems).toEqual([])
  })
  test('what an audit of it prints is valid', () => expect(wrong('audit', samples.get('audit')!)).toEqual([]))
  test('what a check of claims against it prints is valid', () => {
    expect(wrong('claims', samples.get('claims')!)).toEqual([])
    expect(samples.get('claims')!.findings).toHaveLength(2)
  })
  test('every record has been seen', () => expect([...samples.keys()].sort()).toEqual(RECORD_KINDS.map(({ record }) => record).sort()))

  test.each(RECORD_KINDS)('$record: each missing field, a foreign one and another version are refused', ({ record }) => {
    const sample = samples.get(record)!
    const optional = (key: string): boolean => !(shipped(record).required as string[]).includes(key)
    const { accepted, count } = refusals(record, Object.keys(sample).filter((key) => !optional(key)).map((key) => without(sample, key)))
    expect(count).toBeGreaterThan(1)
    expect(accepted).toEqual([])
    expect(wrong(record, { ...sample, owner: 'me' })).toHaveLength(1)
    if ('schema' in sample) expect(wrong(record, { ...sample, schema: `lanecheck.${record}.v2` })).toHaveLength(1)
  })
  test.each<[string, string[], Json]>([
    ['plan', ['cells', '0', 'host_role'], 'server'],
    ['plan', ['cells'], []],
    ['ledger', ['verdicts', '0', 'verdict'], 'mostly_parity'],
    ['ledger', ['sums', 'all', 'skipped'], 1],
    ['ledger', ['sums', 'by_lane', 'chromium.window'], {}],
    ['verdict', ['verdict'], 'pass'],
    ['verdict', ['eligibility_verdict'], null],
    ['verdict', ['lane_id'], 'chromium.*.direct'],
    ['verdict', ['cell_id'], 'chromium.window'],
    ['host-packet', ['reason_code'], 'because'],
    ['host-packet', ['probe', 'capabilities', 'timers'], 'yes'],
    ['lab-run', ['runs', '2'], { schedule_hash: '0'.repeat(64), event_hash: '0'.repeat(64), event_count: 1 }],
    ['live-run', ['attempts', '0', 'route'], 'bridged'],
    ['normalized-record', ['semantic', 'outcome'], 'fine'],
    ['normalized-record', ['qualified', 'wall_elapsed_ns'], 1],
    ['live-run-metadata', ['admission', 'cause'], { cause: 'missing_capability' }],
    ['live-run-metadata', ['infrastructure'], { what: 'bad_luck', detail: '' }],
    ['replay-metadata', ['event_hash'], 'ABC'],
    ['capture-manifest', ['fields', '0', 'class'], 'declared'],
    ['capture-manifest', ['events', 'hearsay'], 1],
    ['capture-line', ['event', 'witness'], 'rumour'],
    ['capture-line', ['event', 'kind'], 'timer.maybe'],
    ['bundle', ['files', 'verdict.json', 'sha256'], 'x'],
    ['evidence-index', ['files', 'plan.json'], { sha256: '0'.repeat(64) }],
    ['own-server', ['server'], { kind: 'address', url: 'http://192.0.2.1:80' }],
    ['own-server', ['ended', 'how'], 'gone'],
    ['audit', ['exit_code'], 2],
    ['run-tiers', ['lanes', '0', 'T2', 'met'], 'yes'],
    ['tier-record', ['tests', '0', 'tier'], 'T9'],
    ['gate-packet', ['missing', '0', 'answer'], 'eligible'],
    ['gate', ['packets', '0', 'claim'], 'parity'],
    ['scenario', ['surface_family'], 'gpu_surface'],
    ['scenario', ['id'], 'Timer'],
    ['init', ['files', '0', 'state'], 'overwritten'],
    ['config', ['scenarios', '0'], ''],
    ['expectations', ['expectations', '0', 'reason'], ''],
  ])('%s with %j: %j is refused', (record, path, value) => expect(wrong(record, changed(samples.get(record)!, path, value))).not.toEqual([]))

  test.each(RECORD_KINDS)('$record: over hundreds of changes, the validator refuses what the kit refuses, but for contradictions', ({ record, schema }) => {
    const cases = variants(samples.get(record)!)
    expect(cases.length).toBeGreaterThan(10)
    const apart = cases.flatMap((value) => {
      const kit = schema.safeParse(value)
      const fine = wrong(record, value).length === 0
      if (kit.success === fine) return []
      const contradiction = !kit.success && kit.error.issues.every(({ code, message }) => code === 'custom' && !message.startsWith('not a '))
      return fine && contradiction ? [] : [{ value, kit: kit.error?.issues ?? 'fine', validator: wrong(record, value) }]
    })
    expect(apart.slice(0, 1)).toEqual([])
  })

  function refusals(record: string, values: Json[]): { accepted: Json[]; count: number } {
    return { accepted: values.filter((value) => wrong(record, value).length === 0), count: values.length }
  }
})

const lanecheck = (...args: string[]): Promise<{ stdout: string; stderr: string }> => new Promise((resolve) => {
  execFile(process.execPath, ['dist/src/cli/main.js', ...args], { timeout: RUN_LIMIT_MS, killSignal: 'SIGTERM', maxBuffer: 2 ** 26 }, (_, stdout, stderr) => resolve({ stdout, stderr }))
})

const without = (value: Doc, key: string): Doc => Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))

/** A copy with another value at a path; the way there must exist. */
function changed(value: Json, [key, ...rest]: string[], to: Json): Json {
  if (typeof value !== 'object' || value === null || key === undefined) throw new Error('no way to there')
  const copy = structuredClone(value) as Record<string, Json>
  copy[key] = rest.length === 0 ? to : changed(copy[key]!, rest, to)
  return copy as Json
}

/** The value with one place in it taken out or replaced, for a good many places and replacements. */
function variants(sample: Json): Json[] {
  const places = paths(sample)
  const step = Math.max(1, Math.floor(places.length / 150))
  return places.filter((_, index) => index % step === 0).flatMap((path) => [
    removed(sample, path), ...[null, -1, 1.5, 'nonsense', '', {}, [], true].map((to) => changed(sample, path, to)),
  ])
}

const paths = (value: Json): string[][] =>
  (typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, inner]) => [[key], ...paths(inner as Json).map((path) => [key, ...path])]))

function removed(value: Json, [key, ...rest]: string[]): Json {
  const copy = structuredClone(value) as Record<string, Json>
  if (rest.length > 0) copy[key!] = removed(copy[key!]!, rest)
  else if (Array.isArray(copy)) copy.splice(Number(key), 1)
  else delete copy[key!]
  return copy as Json
}
