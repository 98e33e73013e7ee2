import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../src/audit/audit.js'
import type { ShardChoice, Times } from '../../../src/contract/shard.js'
import { readLedger } from '../../../src/evidence/ledger-file.js'
import { merge } from '../../../src/merge/merge.js'
import { filesIn, nativeArtifact, recordsIn, redigest, putRecords, writeEvidence, type MadePart } from '../audit/evidence.js'

let [home, artifact, made] = ['', '', 0]
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-merge-'))
  artifact = await nativeArtifact()
}, 60_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

const fresh = (): string => join(home, String(++made))
async function part(shard: ShardChoice, more: Partial<MadePart> & { artifact?: string; seed?: number; ids?: string[] } = {}): Promise<string> {
  const dir = fresh()
  await writeEvidence(dir, more.artifact ?? artifact, more.seed ?? 1, more.ids, { ...more, shard })
  return dir
}
const of = (index: number, count: number, engine: ShardChoice['engine'] = null): ShardChoice => ({ engine, index, of: count })
const codes = (dir: string): string[] => audit(dir).findings.map(({ code, field }) => `${code} ${field}`)
/** What is kept of cells, realms and sessions, by path. */
const kept = (dir: string): Map<string, string> => new Map(filesIn(dir).filter((path) => !/^(ledger\.n?d?json|tiers\.json|evidence\.json)$/.test(path)).map((path) => [path, readFileSync(join(dir, path), 'utf8')]))
async function refused(dirs: string[], code: string, says: RegExp): Promise<void> {
  const out = fresh()
  await expect(merge(dirs, out)).rejects.toMatchObject({ code, message: expect.stringMatching(says) as unknown })
  expect([existsSync(out), readdirSync(home).filter((name) => name.includes('.part'))]).toEqual([false, []])
}

describe('T0 timer_surface, virtual_transport_surface: shards are merged', () => {
  test('whatever the cut, the merged folder audits clean, has the verdicts of the whole run, and all bytes as they were', async () => {
    const whole = fresh()
    await writeEvidence(whole, artifact)
    const cuts = fc.record({ count: fc.integer({ min: 1, max: 5 }), by_engine: fc.boolean(), ms: fc.array(fc.nat(999), { minLength: 8, maxLength: 8 }) })
    await fc.assert(fc.asyncProperty(cuts, async ({ count, by_engine, ms }) => {
      const cells = readLedger(whole).verdicts.map(({ cell_id }) => cell_id)
      const times: Times = { schema: 'lanecheck.times.v1', ms: Object.fromEntries(cells.map((cell, at) => [cell, ms[at]!])) }
      const choices = (by_engine ? ['chromium', 'firefox'] as const : [null]).flatMap((engine) => Array.from({ length: count }, (_, at) => of(at + 1, count, engine)))
      const dirs: string[] = []
      for (const [at, shard] of choices.entries()) dirs.push(await part(shard, { times, clock_step_ms: at + 1 }))
      const out = fresh()
      const { ledger } = await merge(dirs, out)
      expect(audit(out)).toMatchObject({ findings: [], exit_code: 0, cells: { planned: 8, judged: 8, derived: 8 } })
      expect(ledger.verdicts).toEqual(readLedger(whole).verdicts)
      const merged = kept(out)
      for (const [path, text] of dirs.flatMap((dir) => [...kept(dir)])) if (!path.startsWith('hosts/')) expect(merged.get(path), path).toBe(text)
      for (const [path, text] of merged) expect(dirs.some((dir) => kept(dir).get(path) === text), path).toBe(true)
      const lines = (dir: string): string[] => readFileSync(join(dir, 'ledger.ndjson'), 'utf8').trimEnd().split('\n').filter((line) => line !== '')
      expect(lines(out).sort()).toEqual(dirs.flatMap(lines).sort())
      for (const dir of [...dirs, out]) rmSync(dir, { recursive: true })
    }), { numRuns: 6 })
  })

  test('the same shard twice is one; a merged folder may be merged again', async () => {
    const [one, two, out] = [await part(of(1, 2)), await part(of(2, 2)), fresh()]
    await merge([one, one, two], out)
    const again = fresh()
    await merge([out, two], again)
    expect(audit(again).findings).toEqual([])
    expect(filesIn(again).filter((path) => path.startsWith('shards/'))).toEqual(['shards/1-of-2.json', 'shards/2-of-2.json'])
  })

  test('a shard alone says that it is one', async () => expect(codes(await part(of(2, 3)))).toEqual(['shard_missing 1/3', 'shard_missing 3/3']))
})

describe('T4 timer_surface, virtual_transport_surface: what is not one run is not merged', () => {
  let [one, two] = ['', '']
  beforeAll(async () => { [one, two] = [await part(of(1, 2)), await part(of(2, 2))] })

  test('a missing shard is named', async () => {
    await refused([one], 'shard_missing', /a shard is missing: 2\/2/)
    await refused([await part(of(1, 2, 'chromium'))], 'shard_missing', /missing: chromium:2\/2, firefox:\?\/\?/)
  })
  test('a cell twice with other content is named', async () => {
    const other = fresh()
    cpSync(two, other, { recursive: true })
    const { cell_id, artifact_bundle } = readLedger(two).verdicts[0]!
    const path = `${artifact_bundle}/live-run.json`
    // Provenance, which nothing but digests holds.
    putRecords(other, path, [{ ...recordsIn(other, path)[0] as object, wall_elapsed_ns: 7 }])
    await redigest(other)
    expect(codes(other)).toEqual(['shard_missing 1/2'])
    await refused([one, two, other], 'shards_differ', new RegExp(`${cell_id} ran twice`))
  })
  test('another artifact', async () => refused([one, await part(of(2, 2), { artifact: `${artifact}\n` })], 'shards_differ', /two artifacts ran/))
  test('another build of the kit', async () => refused([one, await part(of(2, 2), { kit: 'e'.repeat(64) })], 'shards_differ', /another build of lanecheck/))
  test('a shard of another plan', async () => {
    await refused([one, await part(of(2, 2), { seed: 2 })], 'shards_differ', /another plan.*its seed/)
    await refused([one, await part(of(2, 2), { ids: ['timer.order.distinct'] })], 'shards_differ', /another plan.*its scenarios/)
  })
  test('another cut', async () => {
    await refused([one, await part(of(2, 3))], 'shards_differ', /shard 2\/3/)
    const ms = Object.fromEntries([one, two].flatMap((dir) => readLedger(dir).verdicts).map(({ cell_id }, at) => [cell_id, at === 0 ? 99_999 : 1]))
    await refused([one, await part(of(2, 2), { times: { schema: 'lanecheck.times.v1', ms } })], 'shards_differ', /two cuts/)
  })
  test('another version of an engine', async () => refused([one, await part(of(2, 2), { version: '2.0' })], 'shards_differ', /two engines ran as chromium: .* 1\.0 .* 2\.0/))
  test('a shard that was cut off', async () => refused([one, await part(of(2, 2), { cut_off: true })], 'shard_missing', /not complete: (run_unfinished|cell_missing)/))
  test('a shard that was changed', async () => {
    const other = fresh()
    cpSync(two, other, { recursive: true })
    writeFileSync(join(other, 'tiers.json'), '{}')
    await refused([one, other], 'evidence_unsound', /does not audit clean/)
  })
  test('a run in one piece', async () => {
    const whole = fresh()
    await writeEvidence(whole, artifact)
    await refused([whole], 'evidence_invalid', /in one piece/)
  })
  test('no folder inside a shard, none that holds anything', async () => {
    await expect(merge([one, two], join(one, 'merged'))).rejects.toMatchObject({ code: 'usage' })
    await expect(merge([one, two], two)).rejects.toMatchObject({ code: 'usage' })
    await expect(merge([one], home)).rejects.toMatchObject({ code: 'output_holds_another_run' })
  })

  test('shards forged after they were merged: cells taken out, moved, added; another plan, kit or cut', async () => {
    const out = fresh()
    await merge([one, two], out)
    const path = 'shards/1-of-2.json'
    type Shard = { cells: string[]; plan_sha256: string; kit_sha256: string; cut_sha256: string; index: number; run_id: string }
    const forged = async (change: (shard: Shard) => void): Promise<string[]> => {
      const dir = fresh()
      cpSync(out, dir, { recursive: true })
      const shard = recordsIn(dir, path)[0] as Shard
      change(shard)
      putRecords(dir, path, [shard])
      await redigest(dir)
      return [...new Set(audit(dir).findings.map(({ code }) => code as string))]
    }
    expect(await forged(() => undefined)).toEqual([])
    const second = (recordsIn(out, 'shards/2-of-2.json')[0] as Shard).cells[0]!
    expect(await forged(({ cells }) => { cells.pop() })).toContain('cell_unplanned')
    expect(await forged(({ cells }) => { cells.push(second) })).toContain('cell_duplicated')
    expect(await forged(({ cells }) => { cells.push('webkit.window/timer.order.distinct') })).toContain('cell_unplanned')
    expect(await forged((shard) => { shard.plan_sha256 = 'a'.repeat(64) })).toEqual(['other_run'])
    expect(await forged((shard) => { shard.kit_sha256 = 'a'.repeat(64) })).toContain('other_run')
    expect(await forged((shard) => { shard.cut_sha256 = 'a'.repeat(64) })).toEqual(['copies_differ'])
    expect(await forged((shard) => { shard.index = 2 })).toContain('misplaced')
  })
})
