import { describe, expect, it } from 'vitest'
import { PlanSchema } from '../../../src/contract/verdict.js'
import { ENGINES, HOST_ROLES } from '../../../src/contract/vocabulary.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'
import { SHA, SUBJECT, planOf } from './support.js'

const scenarios = CATALOGUE.slice(0, 3)
const whole = { engines: [...ENGINES], roles: [...HOST_ROLES], scenarios }

describe('T0 browser_surface: the plan of a run', () => {
  it('has every cell once, by engine, role and scenario in the order given, and is a plan by its schema', () => {
    const plan = PlanSchema.parse(planOf(whole))
    expect(plan.cells).toHaveLength(3 * 4 * 3)
    expect(new Set(plan.cells.map(({ cell_id }) => cell_id)).size).toBe(plan.cells.length)
    expect(plan.cells.slice(0, 4).map(({ cell_id }) => cell_id)).toEqual([
      ...scenarios.map(({ id }) => `chromium.window/${id}`), `chromium.dedicated_worker/${scenarios[0]!.id}`,
    ])
    expect(plan.cells[0]).toEqual({ cell_id: `chromium.window/${scenarios[0]!.id}`, engine: 'chromium', host_role: 'window', scenario_id: scenarios[0]!.id, surface_family: scenarios[0]!.surface_family, seed: 7 })
  })

  it('is the same for the same configuration', () => {
    expect(planOf(whole)).toEqual(planOf(structuredClone(whole)))
  })

  it.each([
    ['the seed', { seed: 8 }], ['the artifact', { artifact_sha256: 'd'.repeat(64) }], ['what a scenario says', { scenarios: [{ ...scenarios[0]!, limit_ticks: 9_999 }, ...scenarios.slice(1)] }],
  ])('%s decides how cells come out: another run, another configuration', (_, change) => {
    expect(planOf({ ...whole, ...change }).run_id).not.toBe(planOf(whole).run_id)
    expect(planOf({ ...whole, ...change }).config_hash).not.toBe(planOf(whole).config_hash)
  })

  it.each([
    ['fewer engines', { engines: ['firefox' as const] }], ['fewer roles', { roles: ['window' as const] }], ['one cell', { cell: `firefox.window/${scenarios[1]!.id}` }],
  ])('%s: another run of the same configuration', (_, change) => {
    expect(planOf({ ...whole, ...change }).run_id).not.toBe(planOf(whole).run_id)
    expect(planOf({ ...whole, ...change }).config_hash).toBe(planOf(whole).config_hash)
  })

  it('members left undefined by a parser change nothing', () => {
    const [first, ...rest] = scenarios
    expect(planOf({ ...whole, scenarios: [{ ...first!, expect: { ...first!.expect, at_ticks: first!.expect.at_ticks ?? undefined } }, ...rest] }).run_id).toBe(planOf(whole).run_id)
  })

  it('of one cell has that cell; of an unknown one, none', () => {
    expect(planOf({ ...whole, cell: `webkit.shared_worker/${scenarios[2]!.id}` }).cells.map(({ cell_id }) => cell_id)).toEqual([`webkit.shared_worker/${scenarios[2]!.id}`])
    expect(planOf({ ...whole, cell: 'webkit.window/timer.no.such' }).cells).toEqual([])
  })

  it('names the subject and artifact it is of', () => {
    expect(planOf()).toMatchObject({ subject: SUBJECT, artifact_sha256: SHA, seed: 7 })
  })
})
