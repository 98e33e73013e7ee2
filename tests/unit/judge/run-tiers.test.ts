import { describe, expect, test } from 'vitest'
import { rolesOf } from '../../../src/contract/scenario.js'
import { RunTiersSchema, type RunTiers } from '../../../src/contract/tiers.js'
import type { Verdict } from '../../../src/contract/verdict.js'
import { SURFACE_FAMILIES } from '../../../src/contract/vocabulary.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { askedOf, runTiers } from '../../../src/judge/run-tiers.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'
import { ASKED, CELLS, verdictAt } from '../gate/support.js'

const tiersOf = (verdicts: Verdict[]): RunTiers => RunTiersSchema.parse(runTiers('run', ASKED, verdicts, canonicalDigest))
const whole = CELLS.map((cell) => verdictAt(cell))
const timers = (tiers: RunTiers, lane_id = 'firefox.window.direct'): RunTiers['lanes'][number] => tiers.lanes.find((one) => one.surface_family === 'timer_surface' && one.lane_id === lane_id)!
const pilot = (tiers: RunTiers): RunTiers['pilots'][number] => tiers.pilots.find(({ surface_family }) => surface_family === 'timer_surface')!
const at = (id: string): number => CELLS.findIndex((cell) => cell.id === id && cell.engine === 'firefox' && cell.host_role === 'window')

describe('T0 timer_surface, virtual_transport_surface: the tiers that a run met', () => {
  test('a whole run meets T2 in each lane, and T3', () => {
    const tiers = tiersOf(whole)
    expect(tiers.lanes).toHaveLength(4 * 12)
    for (const { T2, T3 } of tiers.lanes) expect([T2, T3]).toEqual([{ met: true, missing: [] }, { met: true, missing: [] }])
    expect(tiers.pilots.map(({ met, missing }) => [met, missing])).toEqual([0, 1, 2, 3].map(() => [true, []]))
  })
  test.each(['not_run', 'infrastructure_loss', 'invalid_experiment', 'unsupported'] as const)('a smoke scenario that is %s does not meet T2; a mismatch was judged', (token) => {
    const seen = tiersOf(whole.map((verdict, index) => (index === at('timer_surface.one') ? { ...verdictAt(CELLS[index]!, token), lane_id: verdict.lane_id, support_class: token === 'unsupported' ? 'unsupported' as const : verdict.support_class } : verdict)))
    expect(timers(seen)).toMatchObject({ T2: { met: false, missing: ['timer_surface.one'] }, T3: { met: false } })
    // What the ladder refused is in no admitted lane, and no gap of the pilot.
    expect(pilot(seen)).toMatchObject(token === 'unsupported' ? { met: true } : { met: false, missing: ['firefox.window'] })
    const broken = tiersOf(whole.map((verdict, index) => (index === at('timer_surface.one') ? verdictAt(CELLS[index]!, 'semantic_mismatch') : verdict)))
    expect([timers(broken).T2.met, pilot(broken).met, timers(broken).verdicts_sha256 === timers(tiersOf(whole)).verdicts_sha256]).toEqual([true, true, false])
  })
  test('a realm that the ladder rules out is no gap of the pilot; one that could not be had is', () => {
    const without = (reason_code: Verdict['reason_code'], cause: Verdict['cause'] = { cause: 'subject_declines_host_role' }): RunTiers => tiersOf(CELLS.map((cell) => (cell.host_role === 'service_worker' && cell.engine === 'webkit' ? { ...verdictAt(cell, 'unsupported'), reason_code, cause } : verdictAt(cell))))
    expect(pilot(without('unsupported_runtime_context'))).toMatchObject({ met: true })
    expect(timers(without('unsupported_runtime_context'), 'webkit.service_worker.none').T2.met).toBe(false)
    expect(pilot(without('realm_unavailable', { cause: 'prerequisite_missing', prerequisite: 'secure_context' }))).toMatchObject({ met: true })
    expect(pilot(without('realm_unavailable', null))).toMatchObject({ met: false, missing: ['webkit.service_worker'] })
    expect(pilot(without('bridge_unreachable'))).toMatchObject({ met: false, missing: ['webkit.service_worker'] })
  })
  test('a realm that was not planned is a gap', () => expect(pilot(tiersOf(whole.filter(({ engine }) => engine !== 'webkit'))).missing).toEqual(['window', 'dedicated_worker', 'shared_worker', 'service_worker'].map((role) => `webkit.${role}`)))
  test('a scenario is asked only of the roles that it is for', () => {
    const host_roles = { ...ASKED.timer_surface!.host_roles, 'timer_surface.two': ['window' as const] }
    const cells = CELLS.filter(({ row, id, host_role }) => row === 'timer_surface' && (id !== 'timer_surface.two' || host_role === 'window'))
    const tiers = (roles: typeof host_roles): RunTiers => runTiers('run', { timer_surface: { ...ASKED.timer_surface!, host_roles: roles } }, cells.map((cell) => verdictAt(cell)), canonicalDigest)
    expect([pilot(tiers(host_roles)).met, timers(tiers(host_roles), 'firefox.shared_worker.bridge').T3.met]).toEqual([true, true])
    expect(pilot(tiers({ ...host_roles, 'timer_surface.two': ['window', 'sandboxed_iframe'] as never })).missing).toEqual(['chromium', 'firefox', 'webkit'].map((engine) => `${engine}.sandboxed_iframe`))
  })
  test('what is kept of a lane is of its own row\'s verdicts alone', () => {
    for (const { surface_family, lane_id, verdicts_sha256 } of tiersOf(whole).lanes) {
      expect(verdicts_sha256).toBe(canonicalDigest(whole.filter((one) => one.surface_family === surface_family && one.lane_id === lane_id)))
    }
  })
  test('what is unsupported by its class alone, and was not seen, is a gap of the pilot', () => {
    const seen = whole.map((verdict, index): Verdict => (index === at('timer_surface.one') ? { ...verdict, verdict: 'not_run', support_class: 'unsupported', cause: { cause: 'subject_declines_host_role' } } : verdict))
    expect(pilot(tiersOf(seen))).toMatchObject({ met: false, missing: ['firefox.window'] })
  })
  test('a scenario of which no role is known is asked of none', () => {
    const cells = CELLS.filter(({ row, id }) => row === 'timer_surface' && id === 'timer_surface.two')
    const tiers = runTiers('run', { timer_surface: { ...ASKED.timer_surface!, host_roles: { 'timer_surface.two': ['window'] } } }, cells.map((cell) => verdictAt(cell)), canonicalDigest)
    expect([timers(tiers).T2, timers(tiers).T3, pilot(tiers)]).toEqual([{ met: false, missing: [] }, { met: true, missing: [] }, { surface_family: 'timer_surface', met: true, missing: [] }])
  })
  test('a catalogue is asked for the rows that are wanted: each row\'s own scenarios, by tier and role', () => {
    const one = (id: string, surface_family: (typeof SURFACE_FAMILIES)[number], ...tiers: Array<'T0' | 'T2'>) => ({ id, surface_family, tiers })
    const catalogue = [one('t.smoke', 'timer_surface', 'T0', 'T2'), { ...one('t.more', 'timer_surface', 'T0'), host_roles: ['window' as const] }, one('h.smoke', 'http_surface', 'T2'), one('b.smoke', 'browser_surface', 'T2')]
    const roles = [...rolesOf({})]
    expect(roles.length).toBeGreaterThan(3)
    expect(askedOf(catalogue, ['timer_surface', 'http_surface'])).toEqual({
      timer_surface: { T2: ['t.smoke'], T3: ['t.smoke', 't.more'], host_roles: { 't.smoke': roles, 't.more': ['window'] } }, http_surface: { T2: ['h.smoke'], T3: ['h.smoke'], host_roles: { 'h.smoke': roles } },
    })
    expect(askedOf(catalogue, [])).toEqual({})
  })
  test('nothing asked is nothing met', () => {
    const empty = runTiers('run', { timer_surface: { T2: [], T3: [], host_roles: {} } }, whole, canonicalDigest)
    expect([timers(empty).T2.met, pilot(empty).met]).toEqual([false, false])
  })
  test('the kit\'s own catalogue has a smoke run for each row that has scenarios', () => {
    for (const { T2, T3 } of Object.values(askedOf(CATALOGUE, SURFACE_FAMILIES))) {
      expect(T2.length).toBeGreaterThan(1)
      expect(T3).toEqual(expect.arrayContaining(T2))
      expect(T3.length).toBeGreaterThan(T2.length)
    }
  })
})
