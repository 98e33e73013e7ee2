import { join } from 'node:path'
import { readBundle } from '../lanes/evidence.js'
import { byCell, expect, ledgerOf, test, verdictOf } from '../lanes/support.js'
import { decisive } from './faults.js'

const LIED_TO = 'http.h2.get'
const INNOCENT = 'http.response.chunked'

test('T4 http_surface: a peer that speaks HTTP/1.1 where its model declares h2 → invalid_experiment, blocked_missing_virtualization, in every role; nobody blames the subject', async ({ kit }) => {
  const out = join(kit.folder, 'evidence')
  const ended = await kit.start(process.execPath, [join('tests', 'negative', 'lying-peer.mjs'), kit.engine, out, LIED_TO, INNOCENT]).ended
  const ledger = ledgerOf(ended)
  for (const role of ['window', 'dedicated_worker', 'shared_worker', 'service_worker']) {
    const verdict = verdictOf(ledger, role, LIED_TO)
    expect(verdict, verdict.reason).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization', attempts: 1 })
    expect(decisive(verdict)).toMatchObject({ law: 'observability_floor', field: 'peers', found: expect.stringContaining('another protocol version') })
    const { 'live.json': live, capture } = readBundle(join(out, verdict.artifact_bundle!))
    expect(live.attempts[0]!.record.semantic.exchanges['x']).toMatchObject({ end: 'completed', protocol_version: 'http/1.1' })
    expect(capture.flatMap(({ event }) => (event.kind === 'peer.request' ? [event.http_version] : []))).toEqual(['HTTP/1.1'])
    expect(verdictOf(ledger, role, INNOCENT).verdict, role).toMatch(/^(?:parity|bridge_only)$/)
  }
  // What was kept says the same by itself.
  expect(await kit.lanecheck('audit', out)).toMatchObject({ code: 0 })
})

test('T4 http_surface: without the lie the same scenarios are parity', async ({ kit }) => {
  const { ledger, code } = await kit.verify('--role', 'window', '--scenario', LIED_TO, '--scenario', INNOCENT)
  expect(byCell(ledger)).toEqual(Object.fromEntries([LIED_TO, INNOCENT].map((id) => [`${kit.engine}.window.direct/${id}`, 'parity'])))
  expect(code).toBe(0)
})
