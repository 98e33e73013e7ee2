import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WorkerEndSchema, type WorkerEndRecord } from '../../src/contract/worker-end.js'
import { forgedFolder } from '../../src/controls/forged-folder.js'
import { expect, scenarios, test, verdictOf, type Kit, type Verified } from './support.js'

/** The first waits 60 ticks for a peer that says nothing; the second sets timers. */
const [MUTE, TIMERS] = ['http.deadline.before_head', 'timer.order.distinct'] as const
const HOW = { chromium: { between: 'stopped', during: 'stopped' }, firefox: { between: 'updated', during: 'unregistered' }, webkit: { between: 'updated', during: 'unregistered' } } as const

const recordOf = (out: string, kit: Kit, route: string, scenario: string): { path: string; record: WorkerEndRecord } => {
  const path = join('bundles', `${kit.engine}.service_worker.${route}`, scenario, 'worker-end.json')
  return { path, record: WorkerEndSchema.parse(JSON.parse(readFileSync(join(out, path), 'utf8'))) }
}
const ended = (kit: Kit, when: 'between' | 'during', subject: string, ids: readonly string[]): Promise<Verified> =>
  kit.verify('--role', 'service_worker', '--subject', subject, '--end-service-worker', when, ...scenarios(ids))

test('T3 browser_surface: a service worker that was ended before its scenario comes back as another start, and is as sound a host', async ({ kit }) => {
  const { ledger, out, code } = await ended(kit, 'between', 'native', [TIMERS])
  expect(verdictOf(ledger, 'service_worker', TIMERS)).toMatchObject({ verdict: 'parity', findings: [] })
  expect(code).toBe(0)
  const { record: { ends: [end] } } = recordOf(out, kit, 'direct', TIMERS)
  expect(end).toMatchObject({ how: HOW[kit.engine].between, phase: 'before_scenario', gone_at: 0, pending: [], fresh: true, back: { starts: 1 }, between: { before: null } })
  expect(end!.back!.nonce).not.toBe(end!.instance!.nonce)
  expect((await kit.lanecheck('audit', out)).code).toBe(0)
})

test('T4 browser_surface: a service worker that is ended in the middle of its scenario → infrastructure_loss, never parity; what was pending is told', async ({ kit }) => {
  const { ledger, out, code } = await ended(kit, 'during', 'native', [MUTE])
  expect(verdictOf(ledger, 'service_worker', MUTE)).toMatchObject({ verdict: 'infrastructure_loss', eligibility_verdict: 'insufficient_observability', reason: expect.stringMatching(/^worker_ended: /), attempts: 0 })
  expect(code).toBe(3)
  const { path, record } = recordOf(out, kit, 'direct', MUTE)
  expect(record.ends).toMatchObject([{ how: HOW[kit.engine].during, phase: 'in_scenario', fresh: true, bridge: null, between: { after: null } }])
  expect(record.ends[0]!.pending).toEqual(expect.arrayContaining([
    { kind: 'deadline', id: 'patience', fate: 'lost', seen: null }, { kind: 'request', id: 'x', fate: 'lost', seen: 'peer.aborted' },
  ]))
  expect((await kit.lanecheck('audit', out)).code).toBe(0)
  // Nobody makes a loss good afterwards.
  const folder = forgedFolder(out)
  folder.edit<WorkerEndRecord>(path, ({ ends }) => { for (const one of ends[0]!.pending) one.fate = 'completed' })
  await folder.redigest()
  expect((await kit.lanecheck('audit', out)).stdout).toContain('worker_end_differs')
})

test('T4 browser_surface: over the bridge, the session of a service worker that is ended ends with it, and so does its Node worker', async ({ kit }) => {
  const { ledger, out } = await ended(kit, 'during', 'reference', [MUTE])
  expect(verdictOf(ledger, 'service_worker', MUTE)).toMatchObject({ verdict: 'infrastructure_loss', lane_id: `${kit.engine}.service_worker.bridge`, reason: expect.stringMatching(/^worker_ended: /) })
  const [end] = recordOf(out, kit, 'bridge', MUTE).record.ends
  expect(end).toMatchObject({ phase: 'in_scenario', fresh: true, bridge: { ended: true, reason: 'connection_lost' } })
  // The request is the Node worker's: its peer saw it broken off.
  expect(end!.pending).toContainEqual({ kind: 'request', id: 'x', fate: 'lost', seen: 'peer.aborted' })
  expect((await kit.lanecheck('audit', out)).code).toBe(0)
})
