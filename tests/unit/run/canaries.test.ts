import { describe, expect, it } from 'vitest'
import { CANARIES, type CanaryName } from '../../../src/contract/canary.js'
import { PLANTS, UNPLANTED } from '../../../src/canary/plants.js'
import type { AttemptResult } from '../../../src/run/attempt.js'
import { proveSession, type CanaryOptions, type SendCanary, type SessionCanaries } from '../../../src/run/canaries.js'
import { canaryPath, canaryPlace } from '../../../src/evidence/canary-file.js'
import { IDENTITY, resultOf } from './support.js'

const lost = (what: NonNullable<AttemptResult['infrastructure']>['what'], detail = 'x'): AttemptResult => resultOf({ end: null, infrastructure: { what, detail } })
const SILENT = lost('realm_silent', 'no sign of life for 700 ms')
const GOOD: Partial<Record<CanaryName, AttemptResult>> = { nonsense: resultOf({ end: { type: 'failed', code: 'harness', message: 'no' } }), hang: SILENT, crash: lost('realm_crashed') }

async function prove(back: Partial<Record<CanaryName, AttemptResult>>, plants?: CanaryOptions['plants']) {
  const kept: SessionCanaries[] = []
  const sent: Array<[CanaryName, Parameters<SendCanary>[1]]> = []
  const send: SendCanary = (canary, shape) => { sent.push([canary, shape]); return Promise.resolve(back[canary] ?? resultOf()) }
  const proof = await proveSession(4, IDENTITY, { script: '', first_session: 1, ...(plants === undefined ? {} : { plants }), onSession: (record) => { kept.push(record); return Promise.resolve() } }, send)
  return { proof, kept, sent }
}

describe('T0 canaries of an engine session', () => {
  it('all four are sent, only the one that hangs with a short limit on silence', async () => {
    const { sent } = await prove(GOOD)
    expect(sent.map(([canary]) => canary)).toEqual([...CANARIES])
    expect(sent.filter(([, { silence_limit_ms }]) => silence_limit_ms! < 1_000).map(([canary]) => canary)).toEqual(['hang'])
    expect(sent.map(([, { order }]) => order)).toEqual(CANARIES.map((canary) => ({ type: 'canary', fault: PLANTS[canary].fault, sent: PLANTS[canary].sent })))
  })

  it('one that is bad costs the session its verdicts, is named and is kept', async () => {
    const { proof, kept } = await prove(GOOD)
    expect(proof).toEqual({ session: 4, loss: { what: 'canary_failed', detail: expect.stringMatching(/^session 4, canary mismatch: required .*; given /) as string } })
    expect(kept).toMatchObject([{ ...IDENTITY, session: 4, good: false }])
    expect(kept[0]!.canaries.map(({ good }) => good)).toEqual([true, false, true, true])
  })

  it('an engine that went meanwhile, or a run that was stopped, says nothing of the canaries: nothing is kept', async () => {
    for (const what of ['engine_crashed', 'interrupted'] as const) {
      const { proof, kept } = await prove({ ...GOOD, nonsense: lost(what) })
      expect([proof.loss?.what, kept]).toEqual([what, []])
    }
  })

  it('without their faults the realms are sent what does nothing', async () => {
    const { sent } = await prove({}, UNPLANTED)
    expect(sent.every(([, { silence_limit_ms, order }]) => silence_limit_ms! > 6_000 && order.type === 'canary' && order.fault === 'none')).toBe(true)
  })

  it('a session has one place among the evidence', () => {
    expect(canaryPlace(canaryPath('webkit', 12))).toEqual({ engine: 'webkit', session: 12 })
    for (const path of ['canaries/webkit.0.json', 'canaries/opera.1.json', 'canaries/webkit.1.json.part', 'x/canaries/webkit.1.json', 'canaries/webkit.01.json']) expect(canaryPlace(path)).toBeNull()
  })
})
