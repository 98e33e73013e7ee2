import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { judgeCanary } from '../../../src/canary/judge-canary.js'
import { CANARIES } from '../../../src/contract/canary.js'
import type { EngineIdentity } from '../../../src/contract/host.js'
import { laneId } from '../../../src/contract/lane.js'
import { LedgerSchema, PlanSchema, type Ledger } from '../../../src/contract/verdict.js'
import type { Engine } from '../../../src/contract/vocabulary.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { kitDigest } from '../../../src/gate/kit-digest.js'
import { silentProgress } from '../../../src/report/progress.js'
import type { SessionCanaries } from '../../../src/run/canaries.js'
import type { EngineRunOptions } from '../../../src/run/engine-run.js'
import { verify, type VerifyOptions } from '../../../src/run/verify.js'
import { IDENTITY, inFolder, packetOf, probeOf } from './support.js'

/** What the engines of a run do here, each told by its name. */
let plays: Partial<Record<Engine, (options: EngineRunOptions) => Promise<void>>> = {}
vi.mock('../../../src/run/engine-run.js', () => ({ runEngine: (options: EngineRunOptions) => plays[options.engine]!(options) }))
vi.mock('../../../lanes/engines/find.js', () => ({ findEngine: (engine: Engine) => ({ found: true, engine, engine_product: 'debian-chromium' }) }))

const identityOf = (engine: Engine, engine_version = '1.0'): EngineIdentity => ({ ...IDENTITY, engine, engine_version })
const canaries = (engine: Engine, version: string | undefined, session: number): SessionCanaries =>
  ({ ...identityOf(engine, version), session, good: false, canaries: CANARIES.map((canary) => judgeCanary(canary, { end: null, loss: null, events: [] }, canonicalDigest)) })
const lost = (cell: EngineRunOptions['cells'][number], options: EngineRunOptions) =>
  ({ cell, scenario: options.scenarioOf(cell.scenario_id), packet: null, lab: null, results: [], attempts: [], infrastructure: { what: 'engine_crashed' as const, detail: 'made up' }, engine_available: true })

/** Starts, admits, and refuses its window to every cell for good, or loses all of them. */
const engine = (name: Engine, then: 'refuses' | 'loses', version?: string) => async (options: EngineRunOptions): Promise<void> => {
  await options.canaries!.onSession(canaries(name, version, options.canaries!.first_session))
  const admission = { support_class: 'unsupported', reason_code: 'unsupported_runtime_context', route: 'none', cause: { cause: 'subject_declines_host_role' }, bridge_handshake: false } as const
  const subject = { ...options.subject, host_roles: [], bridge: false }
  const packet = packetOf({ ...identityOf(name, version), lane_id: laneId(name, 'window', 'none'), support_class: admission.support_class, reason_code: admission.reason_code, admission, probe: probeOf('window'), subject })
  if (then === 'refuses') await options.onPacket(packet)
  for (const cell of options.cells) await options.onCell(then === 'loses' ? lost(cell, options) : { ...lost(cell, options), packet, lab: await options.labs.of(options.scenarioOf(cell.scenario_id)), infrastructure: null })
}

const run = (out: string, parts: Partial<VerifyOptions> = {}): Promise<Ledger> => verify({
  engines: ['chromium', 'firefox'], roles: ['window'], scenarios: ['timer.order.distinct'], cell: null, subject: 'native', seed: 1, out, out_is_default: false, resume: false, frames: 1, max_attempts: 1,
  signal: new AbortController().signal, progress: silentProgress, ...parts,
})
const contents = async (dir: string): Promise<Record<string, string>> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)))
}

describe('T0 timer_surface: a run and the folder of an earlier one', () => {
  beforeEach(() => { plays = { chromium: engine('chromium', 'refuses'), firefox: engine('firefox', 'loses') } })

  it('one that is interrupted before it begins moves nothing aside', () => inFolder(async (root) => {
    const out = join(root, 'evidence')
    for (const seed of [1, 2]) await run(out, { seed, out_is_default: true })
    const before = await contents(root)
    await expect(run(out, { seed: 3, out_is_default: true, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' })
    expect(await contents(root)).toEqual(before)
  }))

  it('a resumed run names the engines whose cells stood with those that ran again', () => inFolder(async (root) => {
    const out = join(root, 'evidence')
    expect((await run(out)).run.engines).toEqual([identityOf('chromium')])
    expect(PlanSchema.parse(JSON.parse(await readFile(join(out, 'plan.json'), 'utf8'))).kit_sha256).toBe(kitDigest())
    plays = { firefox: engine('firefox', 'refuses') }
    const { run: resumed } = await run(out, { resume: true })
    expect(resumed.engines).toEqual([identityOf('chromium'), identityOf('firefox')])
    plays = {}
    expect((await run(out, { resume: true })).run.engines).toEqual(resumed.engines)
    expect(LedgerSchema.parse(JSON.parse(await readFile(join(out, 'ledger.json'), 'utf8'))).run.engines).toEqual(resumed.engines)
  }))

  it('a resumed run that is refused, or interrupted before its engines are known, leaves a complete one as it is', () => inFolder(async (root) => {
    const out = join(root, 'evidence')
    plays = { chromium: engine('chromium', 'loses'), firefox: engine('firefox', 'loses') }
    await run(out)
    const before = await contents(root)
    // The other engine is there first, and waits.
    plays = { chromium: engine('chromium', 'refuses'), firefox: async (options) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      await engine('firefox', 'refuses', '9')(options)
    } }
    await expect(run(out, { resume: true })).rejects.toMatchObject({ code: 'output_holds_another_run', message: expect.stringContaining('firefox with engine_version 1.0; this is 9') as string })
    expect(await contents(root)).toEqual(before)
    const stop = new AbortController()
    plays = { chromium: engine('chromium', 'refuses'), firefox: async (options) => {
      stop.abort()
      await options.onCell(lost(options.cells[0]!, options))
    } }
    await expect(run(out, { resume: true, signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' })
    expect(await contents(root)).toEqual(before)
    plays = { chromium: engine('chromium', 'refuses'), firefox: engine('firefox', 'refuses') }
    expect((await run(out, { resume: true })).sums.all).toMatchObject({ unsupported: 2 })
  }))
})
