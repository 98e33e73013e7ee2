import { appendFile, chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../src/contract/verdict.js'
import { lockOf } from '../../../src/run/output-lock.js'
import { openRunOutput, type OutputChoice } from '../../../src/run/run-output.js'
import { tokenIn } from '../judge/verdicts.js'
import { cutShard } from '../../../src/run/shards.js'
import { IDENTITY, inFolder, packetOf, planOf } from './support.js'

const PLAN = planOf()
const OTHER = planOf({ seed: 8 })
const named = (dir: string): OutputChoice => ({ dir, is_default: false, resume: false })
const byDefault = (dir: string): OutputChoice => ({ dir, is_default: true, resume: false })
const again = (dir: string): OutputChoice => ({ dir, is_default: false, resume: true })

/** A run that was cut off after these verdicts. */
async function cutOff(dir: string, verdicts: Verdict[] = [], plan = PLAN): Promise<void> {
  const output = await openRunOutput(named(dir), plan.run_id)
  await output.writePlan(plan)
  for (const verdict of verdicts) output.append(verdict)
  output.close()
}
const lines = async (dir: string): Promise<Verdict[]> => (await readFile(join(dir, 'ledger.ndjson'), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as Verdict)

describe('T0 virtual_transport_surface: the evidence folder of a run', () => {
  it('writes plan, host packets and lines where they belong', () => inFolder(async (root) => {
    const dir = join(root, 'new', 'folder')
    const output = await openRunOutput(named(dir), PLAN.run_id)
    await output.writePlan(PLAN)
    await output.writePacket(packetOf())
    output.append(tokenIn('parity'))
    output.append(tokenIn('unsupported', 'webkit'))
    output.close()
    expect(output.standing).toEqual([])
    expect(JSON.parse(await readFile(join(dir, 'plan.json'), 'utf8'))).toEqual(PLAN)
    expect(JSON.parse(await readFile(join(dir, 'hosts/chromium.window.json'), 'utf8'))).toEqual(packetOf())
    expect((await lines(dir)).map(({ verdict }) => verdict)).toEqual(['parity', 'unsupported'])
  }))

  it.each([
    ['another run', (dir: string) => cutOff(dir, [], OTHER)],
    ['an earlier try at this run', (dir: string) => cutOff(dir)],
    ['somebody\'s files', (dir: string) => writeFile(join(dir, 'thesis.txt'), 'years of work')],
    ['a plan that is none', (dir: string) => writeFile(join(dir, 'plan.json'), '{}')],
  ])('a named folder that holds %s is refused and left as it is', (_, fill) => inFolder(async (dir) => {
    await fill(dir)
    const before = await readdir(dir)
    await expect(openRunOutput(named(dir), PLAN.run_id)).rejects.toMatchObject({ code: 'output_holds_another_run', hint: expect.stringContaining('--out') as unknown })
    expect(await readdir(dir)).toEqual(before)
  }))

  it.each([['of another run', OTHER], ['of this run', PLAN]])('the default folder %s is kept beside it, one run back', (_, earlier) => inFolder(async (root) => {
    const dir = join(root, 'evidence')
    await cutOff(dir, [], planOf({ seed: 9 }))
    const replaced = await openRunOutput(byDefault(dir), earlier.run_id)
    await replaced.writePlan(earlier)
    replaced.append(tokenIn('parity'))
    replaced.close()
    const output = await openRunOutput(byDefault(dir), PLAN.run_id)
    await output.writePlan(PLAN)
    output.close()
    expect((await readdir(root)).sort()).toEqual(['evidence', 'evidence.previous'])
    expect(JSON.parse(await readFile(join(root, 'evidence.previous/plan.json'), 'utf8'))).toMatchObject({ run_id: earlier.run_id })
    expect(await lines(join(root, 'evidence.previous'))).toHaveLength(1)
    expect(await readFile(join(dir, 'ledger.ndjson'), 'utf8')).toBe('')
  }))

  it.each([
    ['somebody\'s files', (dir: string) => writeFile(join(dir, 'thesis.txt'), 'years of work')],
    ['a plan that is none', (dir: string) => writeFile(join(dir, 'plan.json'), '{}')],
    ['a run, beside somebody\'s .previous', async (dir: string) => {
      await cutOff(dir, [], OTHER)
      await mkdir(`${dir}.previous`)
      await writeFile(join(`${dir}.previous`, 'thesis.txt'), 'years of work')
    }],
  ])('a folder that no option named and that holds %s is neither moved nor removed', (_, fill) => inFolder(async (root) => {
    const dir = join(root, 'reports')
    await mkdir(dir)
    await fill(dir)
    const before = (await readdir(root, { recursive: true })).sort()
    await expect(openRunOutput(byDefault(dir), PLAN.run_id)).rejects.toMatchObject({ code: 'output_holds_another_run', message: expect.stringContaining('files that are not of a run of lanecheck') as unknown })
    expect((await readdir(root, { recursive: true })).sort()).toEqual(before)
  }))

  it('a folder that another process writes to, or this one, is refused by its number until that is through', () => inFolder(async (root) => {
    const dir = join(root, 'evidence')
    const first = await openRunOutput(byDefault(dir), PLAN.run_id)
    await expect(openRunOutput(byDefault(dir), PLAN.run_id)).rejects.toMatchObject({ code: 'output_holds_another_run', message: expect.stringContaining('this very process') as unknown })
    first.close()
    expect(await readdir(root)).toEqual(['evidence'])
    await writeFile(lockOf(dir), `${process.ppid}\n`)
    for (const choice of [named(dir), byDefault(dir), again(dir)]) {
      await expect(openRunOutput(choice, PLAN.run_id)).rejects.toMatchObject({ code: 'output_holds_another_run', message: expect.stringContaining(`process ${process.ppid}`) as unknown, hint: expect.stringContaining(`remove ${lockOf(dir)}`) as unknown })
    }
    expect((await readdir(root)).sort()).toEqual(['.evidence.lock', 'evidence'])
  }))

  it('resume keeps the verdicts that stand and asks again for those that saw nothing', () => inFolder(async (dir) => {
    const verdicts = [
      tokenIn('parity', 'firefox', 'window', 'timer.a.one'), tokenIn('semantic_mismatch', 'firefox', 'window', 'timer.a.two'), tokenIn('not_run', 'firefox', 'window', 'timer.a.three'),
      tokenIn('infrastructure_loss', 'firefox', 'window', 'timer.a.four'), tokenIn('irreproducible', 'firefox', 'window', 'timer.a.five'), tokenIn('invalid_experiment', 'firefox', 'window', 'timer.a.six'),
    ]
    await cutOff(dir, verdicts)
    const output = await openRunOutput(again(dir), PLAN.run_id)
    expect(output.standing.map(({ verdict }) => verdict)).toEqual(['parity', 'semantic_mismatch', 'irreproducible', 'invalid_experiment'])
    output.append(tokenIn('parity', 'firefox', 'window', 'timer.a.three'))
    output.close()
    expect(await lines(dir)).toHaveLength(7)
    const third = await openRunOutput(again(dir), PLAN.run_id)
    third.close()
    expect(third.standing.map(({ scenario_id }) => scenario_id)).toEqual(['timer.a.one', 'timer.a.two', 'timer.a.three', 'timer.a.five', 'timer.a.six'])
  }))

  it('resume asks again for all cells of a realm or a bridge that could not be had; not for what the page rules out', () => inFolder(async (dir) => {
    const unsupported = (id: string, reason_code: Verdict['reason_code'], cause: Verdict['cause'], verdict: Verdict['verdict'] = 'unsupported'): Verdict => ({ ...tokenIn('unsupported', 'firefox', 'window', id), reason_code, cause, verdict })
    await cutOff(dir, [
      unsupported('timer.a.one', 'realm_unavailable', null), unsupported('timer.a.two', 'realm_unavailable', { cause: 'prerequisite_missing', prerequisite: 'secure_context' }),
      unsupported('timer.a.three', 'bridge_unreachable', { cause: 'prerequisite_missing', prerequisite: 'cross_origin_isolation' }), unsupported('timer.a.four', 'bridge_unreachable', { cause: 'subject_declines_host_role' }, 'semantic_mismatch'),
      unsupported('timer.a.five', 'unsupported_runtime_context', { cause: 'subject_declines_host_role' }),
    ])
    const output = await openRunOutput(again(dir), PLAN.run_id)
    output.close()
    expect(output.standing.map(({ scenario_id }) => scenario_id)).toEqual(['timer.a.two', 'timer.a.five'])
  }))

  it('resume of a shard goes on as that shard alone, of that cut and kit; its sessions are numbered apart', () => inFolder(async (dir) => {
    const shard = (index: number, kit = 'd'.repeat(64)) => cutShard(PLAN, { engine: null, index, of: 3 }, null, kit)
    const output = await openRunOutput(named(dir), PLAN.run_id, shard(2))
    await output.writePlan(PLAN)
    expect(output.lastSession('chromium')).toBe(1000)
    output.close()
    const same = await openRunOutput(again(dir), PLAN.run_id, shard(2))
    same.close()
    const others = [null, shard(1), shard(2, 'e'.repeat(64)), { ...shard(2), cut_sha256: 'f'.repeat(64) }]
    for (const other of others) await expect(openRunOutput(again(dir), PLAN.run_id, other)).rejects.toMatchObject({ code: 'output_holds_another_run' })
    await expect(inFolder(async (whole) => {
      await cutOff(whole)
      await openRunOutput(again(whole), PLAN.run_id, shard(2))
    })).rejects.toMatchObject({ code: 'output_holds_another_run' })
  }))

  it('resume by another build of the kit is refused, and so is one of a run that tells of none', () => inFolder(async (root) => {
    const [kit, other] = ['d'.repeat(64), 'e'.repeat(64)]
    for (const [name, kept] of [['told', planOf({ kit_sha256: kit })], ['untold', PLAN]] as const) {
      const dir = join(root, name)
      await cutOff(dir, [], kept)
      await expect(openRunOutput({ ...again(dir), kit_sha256: other }, PLAN.run_id)).rejects.toMatchObject({ code: 'output_holds_another_run', message: `${dir} holds a run of another build of lanecheck` })
    }
    const same = await openRunOutput({ ...again(join(root, 'told')), kit_sha256: kit }, PLAN.run_id)
    same.close()
  }))

  it('resume with another engine is refused: by its product, and by its version once that is known', () => inFolder(async (dir) => {
    const first = await openRunOutput(named(dir), PLAN.run_id)
    await first.writePlan(PLAN)
    await first.writePacket(packetOf())
    first.close()
    const { sameEngine, close } = await openRunOutput(again(dir), PLAN.run_id)
    for (const fine of [{ engine: 'chromium' }, { ...IDENTITY }, { ...IDENTITY, engine: 'firefox', engine_version: '9' }] as const) expect(() => sameEngine(fine)).not.toThrow()
    for (const other of [{ engine: 'chromium', engine_product: 'playwright-chromium' }, { ...IDENTITY, engine_version: '9' }, { ...IDENTITY, os: 'another' }] as const) {
      expect(() => sameEngine(other)).toThrowError(expect.objectContaining({ code: 'output_holds_another_run' }))
    }
    close()
  }))

  it('resume goes over a line that the cut left short', () => inFolder(async (dir) => {
    await cutOff(dir, [tokenIn('parity')])
    await appendFile(join(dir, 'ledger.ndjson'), '{"schema":"lanecheck.verd')
    const output = await openRunOutput(again(dir), PLAN.run_id)
    output.append(tokenIn('unsupported', 'webkit'))
    output.close()
    expect(output.standing).toHaveLength(1)
    const after = await openRunOutput(again(dir), PLAN.run_id)
    after.close()
    expect(after.standing.map(({ verdict }) => verdict)).toEqual(['parity', 'unsupported'])
  }))

  it('resume of another run is refused, in the default folder too; of nothing it is a new run', () => inFolder(async (root) => {
    const dir = join(root, 'evidence')
    await cutOff(dir, [], OTHER)
    for (const is_default of [false, true]) await expect(openRunOutput({ dir, is_default, resume: true }, PLAN.run_id)).rejects.toMatchObject({ code: 'output_holds_another_run' })
    expect(await readdir(root)).toEqual(['evidence'])
    const output = await openRunOutput(again(join(root, 'new')), PLAN.run_id)
    output.close()
    expect(output.standing).toEqual([])
  }))

  it('a place that cannot be written says so before anything runs', () => inFolder(async (root) => {
    await writeFile(join(root, 'file'), '')
    await expect(openRunOutput(named(join(root, 'file')), PLAN.run_id)).rejects.toMatchObject({ code: 'output_not_writable' })
    await expect(openRunOutput(named(join(root, 'file', 'below')), PLAN.run_id)).rejects.toMatchObject({ code: 'output_not_writable' })
    if (process.getuid?.() === 0) return
    await mkdir(join(root, 'shut'))
    await chmod(join(root, 'shut'), 0o500)
    await expect(openRunOutput(named(join(root, 'shut')), PLAN.run_id)).rejects.toMatchObject({ code: 'output_not_writable' })
  }))
})
