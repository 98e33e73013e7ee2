import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CANARIES, CanaryResultSchema, type CanaryName, type CanarySight } from '../../../src/contract/canary.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { judgeCanary } from '../../../src/canary/judge-canary.js'
import { labSide } from '../../../src/canary/lab-side.js'
import { AS_DECLARED, NONSENSE, PLANTS, UNPLANTED } from '../../../src/canary/plants.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { normalize } from '../../../src/judge/normalize.js'
import { runLabTwice } from '../../../src/lab/run-lab.js'
import { refuseNonsense } from '../../../host-probes/interpreter/refuse.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'

const native = readFileSync('dist/artifacts/native.js', 'utf8')
const played = async (scenario: Scenario): Promise<TraceEvent[]> => (await runLabTwice({ artifact: native, scenario, seed: 3 })).first.events
const answer = (canary: CanaryName, seen: Partial<CanarySight>) => judgeCanary(canary, { end: null, loss: null, events: [], ...seen }, canonicalDigest)
const done = { type: 'done', stalled: false } as const
const SILENT = { what: 'realm_silent', detail: 'no sign of life for 700 ms' } as const

describe('T4 canaries: each is good for one answer only', () => {
  test('nonsense: only a refusal by the realm', () => {
    expect(answer('nonsense', { end: { type: 'failed', code: 'harness', message: 'nonsense' } })).toMatchObject({ good: true })
    expect(answer('nonsense', { end: done })).toMatchObject({ good: false, given: 'refused by Node and done in the realm' })
    expect(answer('nonsense', { end: { type: 'failed', code: 'subject_throws', message: 'no' } })).toMatchObject({ good: false })
    expect(answer('nonsense', { loss: SILENT })).toMatchObject({ good: false, given: 'refused by Node and realm_silent in the realm' })
  })

  test('mismatch: the planted one, and no other', async () => {
    const planted = await played(PLANTS.mismatch.scenario)
    expect(answer('mismatch', { end: done, events: planted })).toMatchObject({ good: true })
    expect(answer('mismatch', { end: done, events: await played(AS_DECLARED) })).toMatchObject({ good: false, given: 'parity: lab and live agree' })
    expect(answer('mismatch', { end: done, events: planted.filter(({ kind }) => kind !== 'peer.closed') })).toMatchObject({ good: false, given: 'semantic_mismatch: channels.c.peer_close' })
    expect(answer('mismatch', { end: done, events: planted.filter(({ witness }) => witness !== 'peer') }).given).toBe('invalid_experiment: channel_sent')
    expect(answer('mismatch', { end: done }).good).toBe(false)
    expect(answer('mismatch', { end: { type: 'failed', code: 'harness', message: 'x' } })).toMatchObject({ good: false, given: 'failed' })
  })

  test.each([['hang', SILENT], ['crash', { what: 'realm_crashed', detail: 'gone' }]] as const)('%s: only what such a realm looks like from outside', (canary, loss) => {
    expect(answer(canary, { loss })).toMatchObject({ good: true })
    for (const seen of [{}, { end: done }, { end: { type: 'failed', code: 'harness', message: 'x' } as const }, { loss: { what: 'realm_not_started', detail: 'x' } as const }]) expect(answer(canary, seen).good).toBe(false)
    expect(answer(canary === 'hang' ? 'crash' : 'hang', { loss }).good).toBe(false)
  })

  test('hang: a limit on the whole is no cut-off', () => {
    expect(answer('hang', { loss: { what: 'realm_silent', detail: 'no end within 16500 ms' } })).toMatchObject({ good: false, given: 'realm_silent: no end within 16500 ms' })
  })

  test('without its fault a canary is another', () => {
    for (const canary of CANARIES) expect(UNPLANTED[canary]).not.toEqual(PLANTS[canary])
    expect(CanaryResultSchema.safeParse(answer('hang', { loss: SILENT })).success).toBe(true)
  })
})

describe('T1 canaries: the lab side that is written out', () => {
  test('means what the lab makes of the same scenario', async () => {
    const record = normalize({ scenario: AS_DECLARED, events: await played(AS_DECLARED), clock_source: 'virtual_clock', end: { stalled: false }, digest: canonicalDigest })
    const { semantic, semantic_digest, observability } = labSide(canonicalDigest).record
    expect(semantic).toEqual(record.semantic)
    expect([semantic_digest, observability]).toEqual([record.semantic_digest, record.observability])
  })
})

describe('T0 browser_surface: a realm refuses what is no scenario', () => {
  const like = (parts: object): Scenario => ({ ...AS_DECLARED, ...parts }) as Scenario
  test.each([
    ['the canary', NONSENSE as Scenario],
    ['an unknown step', like({ tasks: { main: [{ op: 'levitate' }] } })],
    ['an unknown step inside a callback', like({ tasks: { main: [{ op: 'timer.set', timer: 't', after_ticks: 1, on_fire: [{ op: 'toString' }] }] } })],
    ['no tick', like({ tick_ms: 0 })], ['no limit', like({ limit_ticks: undefined })], ['no tasks', like({ tasks: null })], ['a task that is no list', like({ tasks: { main: 3 } })], ['an empty step', like({ tasks: { main: [null] } })],
  ])('%s', (_, scenario) => expect(() => refuseNonsense(scenario)).toThrow(TypeError))
  test('and takes every one of the catalogue', () => { for (const scenario of CATALOGUE) expect(() => refuseNonsense(scenario)).not.toThrow() })
})
