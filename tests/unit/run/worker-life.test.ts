import { describe, expect, it } from 'vitest'
import type { RealmPlace } from '../../../lanes/session.js'
import type { FromRealm, ToRealm } from '../../../src/contract/realm-protocol.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import type { WorkerEndHow } from '../../../src/contract/worker-end.js'
import type { AttemptOptions, Loopback } from '../../../src/loopback/loopback.js'
import { runAttempt, type AttemptPlan } from '../../../src/run/attempt.js'
import { lossOf } from '../../../src/run/live-attempt.js'
import { deadlineScenario } from '../judge/traces.js'
import { hello } from './support.js'

const startOf = (nonce: string): FromRealm => ({ ...hello('service_worker'), instance: { nonce, starts: 1 } }) as FromRealm
const set: RealmEvent = { witness: 'subject', kind: 'timer.set', id: 'a', delay_ms: 5, seq: 0, ticks: 0, ms: 0 }
const DONE: FromRealm = { type: 'done', stalled: false }

interface Parts { ways?: WorkerEndHow[]; goes?: boolean; comes_back?: boolean; lost_at_end?: boolean }

/** A service worker that does as it is told, and a place that ends it. */
async function attempted(end_worker: NonNullable<AttemptPlan['end_worker']>, { ways = ['stopped'], goes = true, comes_back = true, lost_at_end = false }: Parts = {}) {
  const did: string[] = []
  let hears!: AttemptOptions
  let lose = (_why: string): void => undefined
  let starts = 0
  const start = (): void => { hears.onMessage(startOf(`start ${++starts}`)) }
  const back = (): void => { if (comes_back) start() }
  const loopback = {
    origin: () => 'http://127.0.0.1:40',
    attempt: (options: AttemptOptions) => {
      hears = options
      return {
        attempt: options.attempt, origin: 'http://127.0.0.1:40', urls: {}, peer_path: '/', refused_origins: {}, bridge_url: 'ws://127.0.0.1:40', h2_origin: null,
        connected: () => true, settled: () => Promise.resolve(true), start: () => undefined, dispose: () => did.push('dispose'),
        expectAnother: (renewed: boolean) => did.push(renewed ? 'expect a renewed one' : 'expect another'),
        send: (message: ToRealm) => {
          did.push(message.type)
          if (message.type !== 'run') return
          hears.onMessage({ type: 'events', events: [set] })
          if (end_worker.when === 'between') hears.onMessage(DONE)
        },
      }
    },
  } as unknown as Loopback
  const place: RealmPlace = {
    slot: 0, make: () => { start(); return Promise.resolve() }, release: () => undefined, onError: () => undefined,
    service_worker: {
      ways, ready: () => Promise.resolve(),
      end: (_attempt, how) => {
        did.push(how)
        if (lost_at_end) lose('the page crashed')
        // Its last words come in before its line closes, and are no end of the cell.
        hears.onFormerMessage?.({ type: 'events', events: [{ ...set, id: 'b' }] })
        hears.onFormerMessage?.(DONE)
        if (goes) hears.onFormerClosed?.()
        if (how === 'updated') back()
        return Promise.resolve()
      },
      wake: () => { did.push('wake'); back() },
    },
  }
  const result = await runAttempt({
    name: 'a-1', role: 'service_worker', page: 'plain', place, loopback, scenario: deadlineScenario(), order: { type: 'run', route: 'direct', seed: 1 }, lost: new Promise((resolve) => { lose = resolve }), signal: new AbortController().signal, end_worker,
  })
  return { result, did }
}

describe('T0 browser_surface: ending a service worker', () => {
  it('between: the first start is ended before it is told anything; the scenario runs in the second', async () => {
    const { result, did } = await attempted({ when: 'between' })
    expect(did).toEqual(['let_go', 'expect another', 'stopped', 'wake', 'run', 'stop', 'dispose'])
    expect(result).toMatchObject({ infrastructure: null, end: DONE, worker_end: { how: 'stopped', phase: 'before_scenario', instance: { nonce: 'start 1' }, back: { nonce: 'start 2' } } })
  })
  it('during: as soon as something is pending; what it says afterwards is kept and is no end of the cell', async () => {
    const { result, did } = await attempted({ when: 'during' })
    expect(did).toEqual(['run', 'let_go', 'expect another', 'stopped', 'wake', 'stop', 'dispose'])
    expect(result).toMatchObject({ end: null, events: [{ id: 'a' }, { id: 'b' }], worker_end: { phase: 'in_scenario', asked_at: 1, gone_at: 2, back: { nonce: 'start 2' } } })
    expect(lossOf(result)).toEqual({ what: 'worker_ended', detail: 'the service worker was stopped after timer.set b; 2 pending: 2 lost, 0 completed, 0 unknown; another start of it came back' })
  })
  it.each<[WorkerEndHow[], 'between' | 'during', WorkerEndHow]>([
    [['unregistered', 'updated'], 'between', 'updated'], [['unregistered', 'updated'], 'during', 'unregistered'], [['stopped', 'unregistered', 'updated'], 'during', 'stopped'],
  ])('of %j, %s: %s', async (ways, when, how) => {
    const { did } = await attempted({ when }, { ways })
    expect(did).toContain(how)
    // A new script starts by itself.
    expect(did.includes('wake')).toBe(how !== 'updated')
    expect(did.includes('expect a renewed one')).toBe(how === 'updated')
  })
  it('an engine lost meanwhile is lost, and nobody waits', async () => {
    const { result } = await attempted({ when: 'during' }, { lost_at_end: true, goes: false, comes_back: false })
    expect(result.infrastructure).toMatchObject({ what: 'engine_crashed' })
    expect(result.worker_end).toMatchObject({ gone_at: null, back: null })
  })
  it('one that does not come back within its time has no verdict', async () => {
    const { result } = await attempted({ when: 'between', limits: { gone_ms: 100, back_ms: 100 } }, { comes_back: false })
    expect(result.infrastructure).toMatchObject({ what: 'worker_ended', detail: expect.stringMatching(/it did not come back$/) as string })
  })
})
