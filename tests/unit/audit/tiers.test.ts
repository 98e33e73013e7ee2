import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../src/audit/audit.js'
import type { RunTiers } from '../../../src/contract/tiers.js'
import { nativeArtifact, putRecords, recordsIn, redigest, writeEvidence } from './evidence.js'

let [home, kept, dir] = ['', '', '']
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-tiers-'))
  ;[kept, dir] = [join(home, 'kept'), join(home, 'forged')]
  await writeEvidence(kept, await nativeArtifact())
}, 60_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

async function forged(change: (tiers: RunTiers) => void): Promise<Array<[string, string]>> {
  rmSync(dir, { recursive: true, force: true })
  cpSync(kept, dir, { recursive: true })
  const tiers = recordsIn(dir, 'tiers.json')[0] as RunTiers
  change(tiers)
  putRecords(dir, 'tiers.json', [tiers])
  await redigest(dir)
  return audit(dir).findings.map(({ code, path }) => [code, path])
}

describe('T4 timer_surface, virtual_transport_surface: tiers that a run did not meet', () => {
  test('as it was kept, it is clean', async () => expect(await forged(() => undefined)).toEqual([]))
  test('a tier called met, a gap left out, a lane or a pilot made up', async () => {
    const forgeries: Array<(tiers: RunTiers) => void> = [
      ({ lanes }) => { lanes[0]!.T2.met = true }, ({ lanes }) => { lanes[0]!.T3.missing.pop() }, ({ lanes }) => { lanes.pop() }, ({ lanes }) => { lanes.reverse() },
      ({ pilots }) => { pilots[0]!.met = true }, ({ pilots }) => { pilots[0]!.missing = [] },
    ]
    for (const change of forgeries) expect(new Set((await forged(change)).map(String))).toEqual(new Set(['tiers_differ,tiers.json']))
  })
  test('less asked for than the kit\'s catalogue held: what is said to be missing no longer fits', async () => {
    expect((await forged(({ asked }) => { asked.timer_surface!.T3 = ['timer.order.distinct'] })).map(String)).toContain('tiers_differ,tiers.json')
    expect((await forged(({ asked }) => { delete asked.virtual_transport_surface })).map(String)).toContain('tiers_differ,tiers.json')
  })
  test('tiers of another run', async () => expect(await forged((tiers) => { tiers.run_id = 'another' })).toEqual([['other_run', 'tiers.json']]))
})
