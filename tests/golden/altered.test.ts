import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/contract/verdict.js'
import type { NormalizedRecord, SemanticRecord } from '../../src/contract/record.js'
import { ScenarioSchema, type Scenario } from '../../src/contract/scenario.js'
import { TraceEventSchema, type TraceEvent } from '../../src/contract/trace.js'
import { hashWith } from '../../src/contract/summary.js'
import type { CellEvidence } from '../../src/judge/cell-evidence.js'
import { judge } from '../../src/judge/judge.js'
import { normalize } from '../../src/judge/normalize.js'
import { rerunDecision } from '../../src/judge/rerun.js'
import { DIRECT, labRun } from '../unit/judge/traces.js'

/*
 * What the judge says of real captures that were altered, one thing at a time: an event left out, one told twice, two in another
 * order, a later clock, a fact of the record changed. Kept as text beside the captures, to be read line by line when it changes:
 * `npx vitest run tests/golden/altered.test.ts -u` writes it anew.
 */
// The same digests in a fraction of the time.
hashWith((bytes) => createHash('sha256').update(bytes).digest('hex'))

interface Capture { scenario: Scenario; events: TraceEvent[] }
const captures = readFileSync(join(import.meta.dirname, 'altered/captures.ndjson'), 'utf8').trimEnd().split('\n').map((line): Capture => {
  const { scenario, events } = JSON.parse(line) as { scenario: unknown; events: unknown[] }
  return { scenario: ScenarioSchema.parse(scenario), events: events.map((event) => TraceEventSchema.parse(event)) }
})

const recordOf = (scenario: Scenario, events: readonly TraceEvent[], live = true): NormalizedRecord =>
  normalize({ scenario, events, clock_source: live ? 'performance_now' : 'virtual_clock', end: { stalled: false }, digest: () => '' })

const evidenceOf = (scenario: Scenario, lab: NormalizedRecord, live: NormalizedRecord): CellEvidence => ({
  scenario, admission: DIRECT, lab: labRun(lab), attempts: [{ attempt: 1, route: 'direct', record: live }], infrastructure: null, engine_available: true, bridge_logs_agree: null,
  peers_from_model: true, capture_manifest_path: 'm', normalized_record_path: 'n',
})

/** Every leaf of a value with its path. */
function leaves(value: unknown, path = ''): Array<[path: string, leaf: unknown]> {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  const members = Object.entries(value)
  if (members.length === 0) return [[path, value]]
  return members.flatMap(([name, member]) => leaves(member, path === '' ? name : `${path}.${name}`))
}

/** Where two records differ, one line each. */
function difference(base: NormalizedRecord, other: NormalizedRecord): string[] {
  const [before, after] = [base, other].map(({ semantic, witnessed, qualified, observability }) => new Map(leaves({ semantic, witnessed, qualified, observability })))
  const paths = [...new Set([...before!.keys(), ...after!.keys()])].sort()
  return paths.filter((path) => JSON.stringify(before!.get(path)) !== JSON.stringify(after!.get(path))).map((path) => `${path} = ${JSON.stringify(after!.get(path)) ?? 'nothing'}`)
}

const told = ({ law, severity, attempt, field, expected, found }: Finding): string => `${severity} ${law} ${attempt} ${field}: ${expected} | ${found}`
function judged(evidence: CellEvidence): string[] {
  const { verdict, eligibility_verdict, reason, findings, scheduler_noise_class, suppression_reason, rerun_decision, timeout_outcome_class, logical_elapsed_ticks } = judge(evidence)
  return [
    `${verdict}, ${eligibility_verdict}: ${reason}`,
    `${scheduler_noise_class}, ${suppression_reason}, ${rerun_decision}, then ${rerunDecision(evidence, 3)}; ${timeout_outcome_class} after ${logical_elapsed_ticks}`,
    ...findings.map(told),
  ]
}

/** The host's own choice, where a scenario expects nothing of it: which connection, and a body that came in whole on one side alone, so that it has or lacks all its members. */
const UNCLAIMED = /^semantic\.exchanges\.[a-z0-9_]+\.(?:request_body(?: = |\.\w+ = nothing$)|shares_connection\b)/

type Alteration = [title: string, events: TraceEvent[]]
const named = ({ witness, kind, id, seq }: TraceEvent): string => `${seq} ${witness} ${kind} ${id}`

function alterations(events: readonly TraceEvent[]): Alteration[] {
  return [
    ...events.map((event): Alteration => [`without ${named(event)}`, events.filter((one) => one !== event)]),
    ...events.filter(({ kind }) => !kind.startsWith('peer.request') && kind !== 'log').map((event): Alteration => [`twice ${named(event)}`, events.flatMap((one) => (one === event ? [one, { ...one, seq: one.seq + 0.5 }] : [one]))]),
    ...events.flatMap((event): Alteration[] => {
      const next = events.find((one) => one.witness === event.witness && one.seq > event.seq)
      return next === undefined ? [] : [[`${named(event)} after ${named(next)}`, events.map((one) => (one === event ? { ...one, seq: next.seq } : one === next ? { ...one, seq: event.seq } : one))]]
    }),
    ...events.filter((event) => event.witness === 'subject' && event.ticks > 0).flatMap((event) => [-2, -1, 1, 3, 5].map((ticks): Alteration =>
      [`from ${named(event)} on ${ticks} ticks`, events.map((one) => (one.witness === 'subject' && one.seq >= event.seq ? { ...one, ticks: one.ticks + ticks } : one))])),
  ]
}

/** Another value of the same kind. */
function altered(leaf: unknown): unknown {
  if (typeof leaf === 'boolean') return !leaf
  if (typeof leaf === 'number') return leaf + 1
  return typeof leaf === 'string' ? `${leaf}!` : leaf === null ? 1 : undefined
}

function withLeaf(semantic: SemanticRecord, path: readonly string[], value: unknown): SemanticRecord {
  const copy = structuredClone(semantic)
  const parent = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy as unknown as Record<string, unknown>)
  parent[path.at(-1)!] = value
  return copy
}

/** Each leaf with another value, each member left out, and each list one item shorter. */
function changedRecords(record: NormalizedRecord): Array<[title: string, record: NormalizedRecord]> {
  const all = leaves(record.semantic)
  const change = (path: string, value: unknown): NormalizedRecord => ({ ...record, semantic: withLeaf(record.semantic, path.split('.'), value) })
  const members = [...new Set(all.map(([path]) => path.split('.').slice(0, 2).join('.')))].filter((path) => /^(?:timers|deadlines|channels|exchanges|streams)\.[^.]+$/.test(path))
  return [
    ...all.filter(([path, leaf]) => !path.startsWith('outcome') && altered(leaf) !== undefined && !/\.(?:kind|initiator|end|peer_saw|outcome)$/.test(path)).map(([path, leaf]): [string, NormalizedRecord] => [path, change(path, altered(leaf))]),
    ...members.map((path): [string, NormalizedRecord] => {
      const [family, name] = path.split('.') as [keyof SemanticRecord, string]
      const { [name]: _, ...rest } = record.semantic[family] as Record<string, unknown>
      return [`no ${path}`, { ...record, semantic: { ...record.semantic, [family]: rest } }]
    }),
    ...Object.entries(record.semantic.channels).flatMap(([name, channel]) => (['sent', 'received', 'peer_sent', 'peer_received'] as const).filter((list) => channel[list].length > 0)
      .map((list): [string, NormalizedRecord] => [`${name}.${list} shorter`, change(`channels.${name}.${list}`, channel[list].slice(0, -1))])),
    ...Object.entries(record.semantic.channels).filter(([, { close }]) => close).flatMap(([name]) => (['subject', 'peer', 'network'] as const)
      .map((initiator): [string, NormalizedRecord] => [`${name} closed by ${initiator}`, change(`channels.${name}.close.initiator`, initiator)])),
    ...Object.entries(record.semantic.channels).flatMap(([name]) => (['close', 'peer_close'] as const).map((end): [string, NormalizedRecord] => [`${name} no ${end}`, change(`channels.${name}.${end}`, null)])),
    ...Object.keys(record.semantic.exchanges).flatMap((name) => [
      ...(['completed', 'cancelled', 'failed', 'pending'] as const).map((end): [string, NormalizedRecord] => [`${name} ${end}`, change(`exchanges.${name}.end`, end)]),
      ...(['ended', 'aborted', 'destroyed', 'nothing', 'pending'] as const).map((saw): [string, NormalizedRecord] => [`${name}, the peer saw ${saw}`, change(`exchanges.${name}.peer_saw`, saw)]),
    ]),
    ...(['completed', 'subject_error', 'trap', 'stalled'] as const).map((outcome): [string, NormalizedRecord] => [outcome, change('outcome', outcome)]),
  ]
}

type Expect = Scenario['expect']
function withExpectation(expect: Expect, path: readonly string[], value: unknown): Expect {
  const copy = structuredClone(expect)
  const parent = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy as unknown as Record<string, unknown>)
  if (value === undefined) delete parent[path.at(-1)!]
  else parent[path.at(-1)!] = value
  return copy
}

/** Each thing expected otherwise, not named at all, or named though it never was; each list one item longer and one shorter. */
function changedExpectations(expect: Expect): Array<[title: string, expect: Expect]> {
  const families = ['timers', 'deadlines', 'channels', 'exchanges', 'streams'] as const
  const named = families.flatMap((family) => Object.entries(expect[family]).map(([name, wanted]) => ({ family, name, wanted: wanted as Record<string, unknown> | string })))
  const lists = named.flatMap(({ family, name, wanted }) => Object.entries(wanted).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1])).map(([list, items]) => ({ path: [family, name, list], items })))
  return [
    ...leaves(expect).filter(([path, leaf]) => altered(leaf) !== undefined && !/^orders|\.kind$|\.hex$/.test(path)).map(([path, leaf]): [string, Expect] =>
      [path, path.startsWith('at_ticks.') ? { ...expect, at_ticks: { ...expect.at_ticks, [path.slice('at_ticks.'.length)]: (leaf as number) + 1 } } : withExpectation(expect, path.split('.'), altered(leaf))]),
    ...named.flatMap(({ family, name, wanted }): Array<[string, Expect]> => [
      [`nothing of ${name}`, withExpectation(expect, [family, name], undefined)],
      [`${name} by another name`, withExpectation(withExpectation(expect, [family, name], undefined), [family, 'other'], wanted)],
    ]),
    ...named.filter(({ wanted }) => typeof wanted === 'object').flatMap(({ family, name, wanted }) => (['protocol', 'refused_sends', 'redirected', 'body', 'requests', 'last_event_ids'] as const)
      .filter((part) => part in (wanted as object)).map((part): [string, Expect] => [`${name}, its ${part} left open`, withExpectation(expect, [family, name, part], undefined)])),
    ...lists.flatMap(({ path, items }): Array<[string, Expect]> => [
      [`${path.join('.')} longer`, withExpectation(expect, path, [...items, items[0] ?? { kind: 'text', text: 'one more' }])],
      ...(items.length > 0 ? [[`${path.join('.')} shorter`, withExpectation(expect, path, items.slice(0, -1))] as [string, Expect]] : []),
    ]),
    ['an order that does not hold', { ...expect, orders: [...expect.orders, ['task.main.finished', 'mark.never']] }],
    ['a tick that never came', { ...expect, at_ticks: { ...expect.at_ticks, 'timer.never.fired': 3 } }],
    ...expect.orders.map((chain, place): [string, Expect] => [`order ${place} backwards`, { ...expect, orders: [[...chain].reverse()] }]),
  ]
}

const block = (title: string, lines: readonly string[]): string => [`## ${title}`, ...lines].join('\n')

describe.each(captures.map((capture) => [capture.scenario.id, capture] as const))('T1 %s, altered', (id, { scenario, events }) => {
  const lab = recordOf(scenario, events, false)
  const base = recordOf(scenario, events)

  test('as it was', async () => {
    const { semantic, witnessed, qualified, provenance, observability } = base
    await expect(JSON.stringify({ semantic, witnessed, qualified, provenance, observability }, null, 1)).toMatchFileSnapshot(`altered/${id}.record.json`)
  })
  test('its events', async () => {
    const blocks = alterations(events).map(([title, changed]) => {
      const record = recordOf(scenario, changed)
      const evidence = evidenceOf(scenario, lab, record)
      const facts = difference({ ...base, qualified: record.qualified, witnessed: record.witnessed, observability: record.observability }, record)
      // What a peer still sent to an end that was leaving proves nothing, nor what no scenario claims; any other fact that changed must be found.
      if (facts.some((line) => !line.includes('.peer_sent.') && !UNCLAIMED.test(line))) expect([title, judge(evidence).verdict]).not.toEqual([title, 'parity'])
      return block(title, [...difference(base, record), ...judged(evidence)])
    })
    await expect(blocks.join('\n\n')).toMatchFileSnapshot(`altered/${id}.events.txt`)
  })
  test('its expectation', async () => {
    const blocks = changedExpectations(scenario.expect).map(([title, expected]) => {
      const other = { ...scenario, expect: expected }
      return block(title, judged(evidenceOf(other, recordOf(other, events, false), recordOf(other, events))))
    })
    await expect(blocks.join('\n\n')).toMatchFileSnapshot(`altered/${id}.expectation.txt`)
  })
  test('its record', async () => {
    const blocks = changedRecords(base).filter(([, record]) => difference(base, record).length > 0).map(([title, record]) => {
      const evidence = evidenceOf(scenario, lab, record)
      if (difference(base, record).some((line) => !UNCLAIMED.test(line))) expect([title, judge(evidence).verdict]).not.toEqual([title, 'parity'])
      return block(title, judged(evidence))
    })
    await expect(blocks.join('\n\n')).toMatchFileSnapshot(`altered/${id}.record.txt`)
  })
})
