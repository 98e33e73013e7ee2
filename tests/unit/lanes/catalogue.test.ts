import { describe, expect, test } from 'vitest'
import { LANES, REALMS, lanesOf, laneParts, realmsOf } from '../../../lanes/catalogue.js'
import { LaneIdSchema } from '../../../src/contract/lane.js'

describe('T0 browser_surface: the catalogue of lanes', () => {
  test('twelve realms of three routes each, and every lane id parses', () => {
    expect(REALMS).toHaveLength(12)
    expect(new Set(LANES).size).toBe(36)
    expect(LANES.every((lane) => LaneIdSchema.safeParse(lane).success)).toBe(true)
  })
  test('a realm may end in three lanes', () => {
    expect(lanesOf({ engine: 'firefox', host_role: 'shared_worker' })).toEqual(['firefox.shared_worker.direct', 'firefox.shared_worker.bridge', 'firefox.shared_worker.none'])
  })
  test('a choice narrows, an empty one does not', () => {
    expect(realmsOf()).toEqual(REALMS)
    expect(realmsOf({ engines: [], host_roles: ['window'] })).toHaveLength(3)
    expect(realmsOf({ engines: ['webkit'], host_roles: ['window', 'service_worker'] })).toEqual([{ engine: 'webkit', host_role: 'window' }, { engine: 'webkit', host_role: 'service_worker' }])
  })
  test('a lane id comes apart as it was put together', () => {
    for (const lane of LANES) {
      const { engine, host_role, route } = laneParts(lane)
      expect(`${engine}.${host_role}.${route}`).toBe(lane)
    }
  })
})
