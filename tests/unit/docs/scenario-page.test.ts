import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAst } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AdmissionRuleSchema } from '../../../src/contract/admission-rule.js'
import {
  CALL_AFTERMATHS, CALL_ENDS, CallExpectationSchema, CLOSE_INITIATORS, ExpectationSchema, HttpActionSchema, MessageSpecSchema, OUTCOMES, PeerModelSchema, ScenarioSchema,
  SocketActionSchema, SocketConnectionSchema, SyncStepSchema, WaitStepSchema, type Scenario,
} from '../../../src/contract/scenario.js'
import { SubjectEventSchema } from '../../../src/contract/trace.js'
import { CAPABILITIES, HOST_ROLES, TAKEN_GLOBALS, TIMEOUT_OUTCOME_CLASSES } from '../../../src/contract/vocabulary.js'
import { PAGE_CONDITIONS, SUBJECT_PAGES } from '../../../src/contract/page-conditions.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { childrenOf, isNode, nameOf, nodesOf, type Node } from '../../../src/inspect/syntax.js'
import { expectationFindings } from '../../../src/judge/compare-expectation.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { normalize } from '../../../src/judge/normalize.js'
import { runLabOnce } from '../../../src/lab/run-lab.js'
import { completed } from '../../../src/scenarios/define.js'
import { loadOwnScenarios } from '../../../src/scenarios/own/load.js'
import { ROOT } from '../cli/run.js'
import { blocksOf } from './page-steps.js'
import { codeIn, pageText, proseOf, tablesOf } from './page-tables.js'

type Shape = z.ZodObject

/** The objects that a schema stands for, out of their unions and wrappers. */
function shapesOf(schema: unknown): Shape[] {
  if (schema instanceof z.ZodObject) return [schema]
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(shapesOf)
  if (schema instanceof z.ZodLazy || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return shapesOf(schema.unwrap())
  if (schema instanceof z.ZodArray) return shapesOf(schema.element)
  if (schema instanceof z.ZodRecord) return shapesOf(schema.valueType)
  return []
}
const tagOf = (shape: Shape, tag: string): string => String((shape.shape[tag] as z.ZodLiteral).value)
const fieldsOf = (shape: Shape, tag = ''): string[] => Object.entries(shape.shape).filter(([name]) => name !== tag).map(([name, field]) => (field instanceof z.ZodOptional ? `${name}?` : name))
/** By the value of its tag, the fields of each shape, those that may be left out with a question mark. */
const tagged = (schema: unknown, tag: string): Record<string, string[]> => Object.fromEntries(shapesOf(schema).map((shape) => [tagOf(shape, tag), fieldsOf(shape, tag)]))
const sorted = (all: Record<string, string[]>): Record<string, string[]> => Object.fromEntries(Object.entries(all).sort().map(([name, fields]) => [name, [...fields].sort()]))

const PAGE = pageText('docs/scenarios.md')
const TABLES = tablesOf(PAGE)
/** The one table whose first column is called so, under a heading where several are. */
function table(first: string, heading = ''): string[][] {
  const found = TABLES.filter(({ head, heading: above }) => head[0] === first && (heading === '' || above === heading))
  expect(found.map(({ head }) => head[0]), `one table with the column ${first}`).toHaveLength(1)
  return found[0]!.rows
}
/** By the first column, the fields in the second. */
const listed = (rows: string[][]): Record<string, string[]> => Object.fromEntries(rows.map(([first = '', second = '']) => [codeIn(first)[0] ?? first, codeIn(second)]))
/** The first column, with a question mark where the last one does not say that it must be there. */
const members = (rows: string[][]): string[] => rows.flatMap((row) => codeIn(row[0]!).map((name) => (row.at(-1) === '–' ? name : `${name}?`)))

const SYNC = tagged(SyncStepSchema, 'op')
const WAITS = tagged(WaitStepSchema, 'op')
const OPS = { ...SYNC, ...WAITS }
const inner = (name: keyof typeof ExpectationSchema.shape): Shape => shapesOf(ExpectationSchema.shape[name])[0]!

describe('T0 timer_surface, virtual_transport_surface: the page on a scenario', () => {
  test('its steps are those of the schema, field by field, and in which place they may stand', () => {
    const [sync = [], waits = []] = TABLES.filter(({ head }) => head[0] === '`op`').map(({ rows }) => rows)
    expect(Object.keys(OPS).length).toBeGreaterThan(25)
    expect(sorted(listed(sync))).toEqual(sorted(SYNC))
    expect(sorted(listed(waits))).toEqual(sorted(WAITS))
  })

  test('nothing on it looks like a step and is none', () => {
    const families = new Set(Object.keys(OPS).filter((op) => op.includes('.')).map((op) => op.split('.')[0]))
    const like = codeIn(proseOf(PAGE)).filter((token) => /^[a-z]+\.[a-z_]+$/.test(token) && families.has(token.split('.')[0]))
    expect(like.length).toBeGreaterThan(20)
    expect(like.filter((token) => !(token in OPS))).toEqual([])
  })

  test('its fields are those of a scenario, and what is left out is what the house puts there', () => {
    const rows = table('field', 'Its fields')
    expect(rows.map(([name]) => codeIn(name!)[0]).sort()).toEqual(Object.keys(ScenarioSchema.shape).sort())
    expect(rows.filter((row) => row.at(-1) === '–').map(([name]) => codeIn(name!)[0]).sort()).toEqual(['id', 'tasks', 'title'])
    const [alone, peered] = [completed({}), completed({ peers: { p: {} } })] as [Scenario, Scenario]
    const left = Object.fromEntries(rows.map((row) => [codeIn(row[0]!)[0], row.at(-1)]))
    expect(left).toMatchObject({ tick_ms: String(alone.tick_ms), limit_ticks: String(alone.limit_ticks), tiers: alone.tiers.map((tier) => `\`${tier}\``).join(', '), scenario_clock_id: `\`${alone.scenario_clock_id}\`` })
    const late = ({ normalization_window: { early_ticks, late_ticks } }: Scenario): number[] => [early_ticks, late_ticks]
    expect(left['normalization_window']).toBe(`${late(alone)[0]} early; ${late(alone)[1]} late, with peers ${late(peered)[1]}`)
    expect(PAGE).toContain(`counts for \`${peered.surface_family}\` when it has peers, else for \`${alone.surface_family}\``)
  })

  test('its messages, peers, handshakes and actions are those of the schema', () => {
    expect(sorted(listed(TABLES.find(({ heading }) => heading === 'Messages')!.rows))).toEqual(sorted(tagged(MessageSpecSchema, 'kind')))
    expect(sorted(listed(table('`kind`', 'Peers')))).toEqual(sorted(tagged(PeerModelSchema, 'kind')))
    expect(sorted(listed(table('`answer` of the handshake')))).toEqual(sorted(tagged(SocketConnectionSchema.shape.handshake, 'answer')))
    expect(sorted(listed(table('`do`, of a WebSocket')))).toEqual(sorted(tagged(SocketActionSchema, 'do')))
    expect(sorted(listed(table('`do`, of an HTTP exchange')))).toEqual(sorted(tagged(HttpActionSchema, 'do')))
    const named = codeIn(proseOf(PAGE)).join(' ')
    for (const field of fieldsOf(SocketConnectionSchema)) expect(named, field).toContain(field)
  })

  test('its expectation is that of the schema, member by member, and says what may be left out', () => {
    const rows = table('field', 'expect')
    expect(rows.map(([name]) => codeIn(name!)[0]).sort()).toEqual(Object.keys(ExpectationSchema.shape).sort())
    expect(members(table('of a timer')).sort()).toEqual(fieldsOf(inner('timers')).sort())
    expect(members(table('of a channel')).sort()).toEqual(fieldsOf(inner('channels')).sort())
    expect(members(table('of an exchange')).sort()).toEqual(fieldsOf(inner('exchanges')).sort())
    expect(members(table('of a stream')).sort()).toEqual(fieldsOf(inner('streams')).sort())
    expect(members(table('of a call')).sort()).toEqual(fieldsOf(CallExpectationSchema).sort())
    expect(members(table('of a rule of `admission`')).sort()).toEqual(fieldsOf(AdmissionRuleSchema).sort())
  })

  test('members of members, and words that a field may be, are named where the field is', () => {
    const says = (first: string, field: string, heading = ''): string[] => codeIn(table(first, heading).find(([name]) => name!.includes(`\`${field}\``))!.slice(1).join(' '))
    const shape = (schema: unknown): string[] => Object.keys(shapesOf(schema)[0]!.shape)
    expect(says('of a channel', 'close')).toEqual(expect.arrayContaining([...shape(inner('channels').shape['close']), ...CLOSE_INITIATORS]))
    expect(says('of a stream', 'events')).toEqual(shape(inner('streams').shape['events']))
    expect(says('of a rule of `admission`', 'when')).toEqual(shape(AdmissionRuleSchema.shape.when))
    expect(says('of a call', 'end')).toEqual([...CALL_ENDS])
    expect(says('of a call', 'late').slice(0, -1)).toEqual([...CALL_AFTERMATHS])
    expect(says('field', 'outcome', 'expect').slice(0, -1)).toEqual([...OUTCOMES])
    // The two words below the loader refuses by themselves.
    expect(says('field', 'deadlines', 'expect').sort()).toEqual(TIMEOUT_OUTCOME_CLASSES.filter((token) => token !== 'no_deadline').sort())
    expect(says('of a timer', 'outcome')).toEqual(['fired', 'cancelled'])
    expect(says('of an exchange', 'end')).toEqual((inner('exchanges').shape['end'] as z.ZodEnum).options)
    expect(says('of an exchange', 'peer_saw')).toEqual((inner('exchanges').shape['peer_saw'] as z.ZodEnum).options)
    expect(says('field', 'page', 'Its fields').slice(0, -1)).toEqual([...PAGE_CONDITIONS])
    expect(says('field', 'without', 'Its fields')).toEqual([...TAKEN_GLOBALS])
  })

  test('its labels are the events that a subject has', () => {
    const kinds = SubjectEventSchema.options.map((option) => option.shape.kind.value as string)
    const rows = listed(table('kind', 'Labels'))
    expect(Object.keys(rows).sort()).toEqual(['call', 'channel', 'deadline', 'exchange', 'stream', 'task', 'timer'])
    for (const [kind, events] of Object.entries(rows)) expect(events, kind).toEqual(kinds.filter((one) => one.startsWith(`${kind}.`)).map((one) => one.slice(kind.length + 1)))
  })

  describe('its examples', () => {
    const examples = blocksOf(PAGE).filter(({ language }) => language === 'yaml').map(({ text }) => text)
    let folder = ''
    beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-page-')) })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    const load = async (text: string): Promise<Scenario> => {
      writeFileSync(join(folder, 'page.scenario.yaml'), text)
      return (await loadOwnScenarios(['page.scenario.yaml'], folder))[0]!
    }

    test('load as scenarios of one\'s own, one of each surface', async () => {
      const loaded = []
      for (const text of examples) loaded.push(await load(text))
      expect(loaded.map(({ surface_family }) => surface_family)).toEqual(['timer_surface', 'virtual_transport_surface'])
    })

    test.each(examples.map((text) => [/^id: (.*)$/m.exec(text)?.[1], text]))('%s holds in the lab, by the native subject', async (_, text) => {
      const scenario = await load(text!)
      const artifact = readFileSync(join(ROOT, 'dist/artifacts/native.js'), 'utf8')
      const { end, events } = await runLabOnce({ artifact, scenario, seed: 7 })
      expect(end).toEqual({ type: 'done', stalled: false })
      const record = normalize({ scenario, events, clock_source: 'virtual_clock', end: { stalled: false }, digest: canonicalDigest })
      expect([...expectationFindings(scenario, record, 'lab', 0), ...hardBreaks(scenario, record, 0)]).toEqual([])
    })
  })
})

describe('T0 browser_surface: the page on a subject', () => {
  const page = pageText('docs/subject.md')
  const tables = tablesOf(page)
  const source = pageText('src/contract/subject.ts')
  const declared = nodesOf((parseAst(source, { lang: 'ts' }) as unknown as Node).body).map((node) => node.declaration).filter(isNode)
    .filter(({ type }) => type === 'TSInterfaceDeclaration' || type === 'TSTypeAliasDeclaration')
  /** As it is declared, without what is said about it. */
  const bare = ({ start, end }: Node): string => source.slice(start, end).replace(/\n\s*\/\*\*[^]*?\*\//g, '')
  const membersIn = (node: Node): string[] => [
    ...(node.type === 'TSPropertySignature' || node.type === 'TSMethodSignature' ? [nameOf(node.key) ?? ''] : []), ...childrenOf(node).flatMap(([, child]) => membersIn(child)),
  ]

  test('its capabilities are those of the contract', () => {
    expect(tables.find(({ heading }) => heading === 'Capabilities')!.rows.map(([name]) => name)).toEqual(CAPABILITIES.map((name) => `\`${name}\``))
  })

  test('its fields are those of a subject, with the words that they take', () => {
    const rows = tables.find(({ heading }) => heading === 'Its fields')!.rows
    const subject = declared.find(({ id }) => nameOf(id) === 'Subject')!
    expect(rows.flatMap(([name]) => codeIn(name!)).sort()).toEqual(membersIn(subject).filter((name) => name !== 'host').sort())
    const says = (field: string): string[] => codeIn(rows.find(([name]) => name === `\`${field}\``)![1]!)
    expect(says('host_roles')).toEqual(expect.arrayContaining([...HOST_ROLES]))
    expect(says('page')).toEqual(expect.arrayContaining([...SUBJECT_PAGES]))
  })

  test('what it shows of the types is what they are', () => {
    const shown = blocksOf(page).filter(({ language }) => language === 'ts').map(({ text }) => text.trimEnd()).join('\n')
    const known = declared.map(bare)
    expect(shown.split(/\n(?=interface |type )/).filter((one) => !known.includes(one))).toEqual([])
    for (const family of ['SubjectRuntime', 'SubjectTimers', 'SubjectSockets', 'SubjectRequests', 'SubjectEvents', 'SubjectTasks']) expect(shown).toMatch(new RegExp(`^(interface|type) ${family}\\b`, 'm'))
  })

  test('every member of its types is on it', () => {
    const words = new Set(`${codeIn(proseOf(page)).join(' ')} ${blocksOf(page).map(({ text }) => text).join(' ')}`.match(/\w+/g))
    const members = declared.flatMap((node) => membersIn(node))
    expect(members.length).toBeGreaterThan(50)
    expect([...new Set(members)].filter((name) => !words.has(name))).toEqual([])
  })

  test('a family that is absent is told of with the steps that need it', () => {
    const rows = tables.find(({ heading }) => heading === 'What is absent')!.rows
    const runtime = membersIn(declared.find(({ id }) => nameOf(id) === 'SubjectRuntime')!).filter((name) => name !== 'shutdown')
    expect(runtime.filter((name) => !rows.some(([absent]) => codeIn(absent!)[0] === name))).toEqual([])
    const ops = rows.flatMap(([, steps]) => codeIn(steps!)).filter((token) => /^[a-z]+\.[a-z_]+$/.test(token))
    expect(ops.length).toBeGreaterThan(4)
    expect(ops.filter((op) => !(op in OPS))).toEqual([])
  })
})
