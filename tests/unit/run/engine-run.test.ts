import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LanecheckError, type ErrorCode } from '../../../src/contract/errors.js'
import type { HostRole } from '../../../src/contract/vocabulary.js'
import type { AttemptResult } from '../../../src/run/attempt.js'
import type { AttemptShape, EngineAccess } from '../../../src/run/engine-access.js'
import { runEngine, type EngineRunOptions, type SeenCell } from '../../../src/run/engine-run.js'
import { quietPhase } from '../../../src/run/quiet.js'
import { BRIDGED, REFUSED, deadlineScenario, deadlineTrace } from '../judge/traces.js'
import { SUBJECT, packetOf, planOf, probeOf, resultOf, seenCell } from './support.js'

let access: EngineAccess
let closed = 0
const SESSION = {} as never
vi.mock('../../../src/run/engine-access.js', () => ({ openEngineAccess: () => Promise.resolve(access) }))

const SCENARIOS = ['timer.x.one', 'timer.x.two'].map((id) => deadlineScenario({ id }))
const ROLES: HostRole[] = ['window', 'dedicated_worker', 'service_worker']
const sound = (): AttemptResult => resultOf({ events: deadlineTrace().events })
const broken = (): AttemptResult => resultOf({ events: deadlineTrace({ doomedFires: true }).events })
const late = (): AttemptResult => resultOf({ events: deadlineTrace({ fires: 9 }).events })

/** An engine whose attempts go as the test says; `names` lists them in order. */
function engine({ attempts = sound as (shape: AttemptShape, nth: number) => AttemptResult, packet = (role: HostRole) => packetOf({ host_role: role, probe: probeOf(role) }), session = (): Promise<never> => Promise.resolve(SESSION) } = {}) {
  const names: string[] = []
  access = {
    session,
    proven: async () => ({ session: await session(), number: 1 }),
    attempt: (_, shape) => {
      names.push(shape.name)
      return Promise.resolve(attempts(shape, names.filter((name) => name.startsWith(shape.name.replace(/\.\d+$/, ''))).length))
    },
    admit: ({ role }) => Promise.resolve(packet(role)),
    forgetProbes: () => undefined,
    close: () => { closed += 1; return Promise.resolve() },
  }
  return names
}

async function run(parts: Partial<EngineRunOptions> = {}): Promise<SeenCell[]> {
  const seen: SeenCell[] = []
  const plan = planOf({ roles: ROLES, scenarios: SCENARIOS })
  await runEngine({
    engine: 'chromium', found: { found: true, engine: 'chromium', engine_product: 'debian-chromium', executable_path: '', driver_kind: 'cdp' },
    cells: plan.cells, scenarioOf: (id) => SCENARIOS.find((one) => one.id === id)!, subject: SUBJECT,
    labs: { of: (scenario) => Promise.resolve(seenCell({}, deadlineTrace().events, scenario).lab!), close: () => Promise.resolve() },
    loopback: {} as never, bridge: {} as never, window_slot: 0, worker_slots: [1, 2], signal: new AbortController().signal, report: () => undefined, max_attempts: 3, quiet: quietPhase(['chromium']),
    onPacket: () => Promise.resolve(), onCell: (cell) => { seen.push(cell); return Promise.resolve() }, ...parts,
  })
  expect(seen.map(({ cell }) => cell.cell_id).sort(), 'every cell exactly once').toEqual(plan.cells.map(({ cell_id }) => cell_id).sort())
  return seen
}
const what = (seen: SeenCell[]): unknown[] => [...new Set(seen.map(({ infrastructure }) => infrastructure?.what ?? null))]

describe('T0 browser_surface: all cells of one engine', () => {
  beforeEach(() => { closed = 0 })

  it('each is run once where nothing calls for more', async () => {
    const names = engine()
    const packets: string[] = []
    const seen = await run({ onPacket: ({ host_role }) => { packets.push(host_role); return Promise.resolve() } })
    expect(packets).toEqual(ROLES)
    expect(names).toHaveLength(6)
    expect(new Set(names).size).toBe(6)
    expect(names.every((name) => /^[a-z0-9_.-]+\.1$/.test(name))).toBe(true)
    expect(what(seen)).toEqual([null])
    expect(closed).toBe(1)
  })

  it('an engine that is not there costs its cells, with what to type', async () => {
    const seen = await run({ found: { found: false, engine: 'chromium', install: 'apt-get install chromium', reason: 'not found' } })
    expect(seen.every(({ engine_available, packet, lab }) => !engine_available && packet === null && lab === null)).toBe(true)
    expect(seen[0]!.infrastructure).toEqual({ what: 'engine_not_found', detail: 'not found; to have it: apt-get install chromium' })
  })

  it.each([
    ['engine_launch_failed', 'engine_launch_failed'], ['realm_lost', 'engine_launch_failed'], ['deadline_exceeded_in_node', 'engine_launch_failed'], ['interrupted', 'interrupted'],
  ] as const)('a launch that throws %s: all cells %s', async (code: ErrorCode, loss) => {
    engine({ session: () => Promise.reject(new LanecheckError(code, 'no')) })
    expect(what(await run())).toEqual([loss])
    expect(closed).toBe(1)
  })

  it('a fault of ours is thrown, and the engine is closed all the same', async () => {
    engine({ session: () => Promise.reject(new TypeError('our own')) })
    await expect(run()).rejects.toThrow('our own')
    expect(closed).toBe(1)
  })

  it('a role without a route runs nothing live; a bridged one runs by the bridge', async () => {
    const routes: string[] = []
    engine({
      attempts: (shape) => { routes.push(`${shape.role} ${shape.order.type === 'run' ? shape.order.route : ''}`); return sound() },
      packet: (role) => packetOf({ host_role: role, admission: role === 'service_worker' ? REFUSED : role === 'dedicated_worker' ? BRIDGED : packetOf().admission }),
    })
    const seen = await run()
    expect(new Set(routes)).toEqual(new Set(['window direct', 'dedicated_worker bridge']))
    const refused = seen.filter(({ cell }) => cell.host_role === 'service_worker')
    expect(refused.every(({ attempts, infrastructure, lab }) => attempts.length === 0 && infrastructure === null && lab !== null)).toBe(true)
  })

  it('a lab that fails costs its scenario, and nothing runs live for it', async () => {
    const names = engine()
    const labs: EngineRunOptions['labs'] = {
      of: (scenario) => (scenario.id.endsWith('two') ? Promise.reject(new Error('stalled')) : Promise.resolve(seenCell({}, deadlineTrace().events, scenario).lab!)), close: () => Promise.resolve(),
    }
    const seen = await run({ labs })
    expect(seen.filter(({ scenario }) => scenario.id.endsWith('two')).map(({ infrastructure }) => infrastructure)).toEqual(Array(3).fill({ what: 'lab_failed', detail: 'stalled' }))
    expect(names.some((name) => name.includes('timer.x.two'))).toBe(false)
  })

  it('noise is run again, up to the limit, and every attempt is kept', async () => {
    const names = engine({ attempts: (_, nth) => (nth < 2 ? late() : sound()) })
    const seen = await run()
    expect(seen.every(({ attempts, results }) => attempts.length === 2 && results.length === 2)).toBe(true)
    expect(names).toHaveLength(12)
    engine({ attempts: late })
    expect((await run()).every(({ attempts }) => attempts.length === 3)).toBe(true)
  })

  it('a hard break is not rerun away', async () => {
    engine({ attempts: (_, nth) => (nth === 1 ? broken() : sound()) })
    expect((await run()).every(({ attempts }) => attempts.length === 1)).toBe(true)
  })

  it('what is seen again is seen alone, when all first attempts are through', async () => {
    let running = 0
    const together: number[] = []
    const names = engine({ attempts: (_, nth) => (nth < 2 ? late() : sound()) })
    const attempt = access.attempt
    access.attempt = async (placeOf, shape) => {
      running += 1
      if (!shape.name.endsWith('.1')) together.push(running)
      await new Promise((go) => setImmediate(go))
      running -= 1
      return attempt(placeOf, shape)
    }
    await run()
    expect(names.slice(0, 6).every((name) => name.endsWith('.1'))).toBe(true)
    expect(together).toEqual(Array(6).fill(1))
  })

  it('a realm lost with its engine gets one more chance; the first result is kept', async () => {
    const crash = (): AttemptResult => resultOf({ end: null, infrastructure: { what: 'engine_crashed', detail: 'gone' } })
    engine({ attempts: (_, nth) => (nth === 1 ? crash() : sound()) })
    const seen = await run()
    expect(seen.every(({ results, attempts, infrastructure }) => results.length === 2 && attempts.length === 1 && infrastructure === null)).toBe(true)
    engine({ attempts: crash })
    const lost = await run()
    expect(lost.every(({ results }) => results.length === 2)).toBe(true)
    expect(what(lost)).toEqual(['engine_crashed'])
  })

  it.each([['harness', 'realm_crashed'], ['bridge_unreachable', 'loopback_failed'], ['subject_throws', null]] as const)('an end that failed by %s: %s', async (code, loss) => {
    engine({ attempts: () => resultOf({ end: { type: 'failed', code, message: 'no' } }) })
    expect(what(await run({ max_attempts: 1 }))).toEqual([loss])
  })

  it('an attempt of which no record can be made costs its own cell, and no other', async () => {
    const unwritable = (): AttemptResult => resultOf({ events: [...deadlineTrace().events, { witness: 'subject', kind: 'channel.opening', id: '\ud83d', seq: 99, ticks: 0, ms: 0 }] })
    engine({ attempts: ({ role, scenario }) => (role === 'window' && scenario?.id === 'timer.x.two' ? unwritable() : sound()) })
    const lost = (await run()).filter(({ infrastructure }) => infrastructure !== null)
    expect(lost.map(({ cell }) => `${cell.host_role} ${cell.scenario_id}`)).toEqual(['window timer.x.two'])
    expect(lost[0]).toMatchObject({ attempts: [], infrastructure: { what: 'realm_crashed', detail: expect.stringContaining('lone surrogate') as unknown }, results: [{ events: [] }] })
  })

  it('an interrupted run reaches every cell all the same', async () => {
    const stop = new AbortController()
    const names = engine({ attempts: () => { stop.abort(); return sound() } })
    const seen = await run({ signal: stop.signal })
    expect(names.length).toBeLessThan(6)
    expect(what(seen)).toEqual(expect.arrayContaining([null, 'interrupted']))
  })
})
