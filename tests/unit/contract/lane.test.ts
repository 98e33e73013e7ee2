import { describe, expect, it } from 'vitest'
import { CellIdSchema, LaneIdSchema, ScenarioIdSchema, cellId, laneId } from '../../../src/contract/lane.js'
import { ENGINES, HOST_ROLES, ROUTES } from '../../../src/contract/vocabulary.js'

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown): boolean => schema.safeParse(value).success

describe('T0 browser_surface: lane ids and cell ids', () => {
  it('every engine, role and route makes a lane, and parses', () => {
    const all = ENGINES.flatMap((engine) => HOST_ROLES.flatMap((role) => ROUTES.map((route) => laneId(engine, role, route))))
    expect(new Set(all).size).toBe(3 * 5 * 3)
    expect(all).toContain('firefox.shared_worker.bridge')
    for (const lane of all) expect(accepts(LaneIdSchema, lane), lane).toBe(true)
  })

  it.each([
    'chrome.window.direct', 'chromium.server.bridge', 'chromium.window.proxy', 'chromium.window', 'chromium.window.direct.x', ' chromium.window.direct', 'chromium.window.direct\n', 'Chromium.window.direct',
    'chromiumxwindowxdirect', 'chromium.window.directfirefox.window.direct', '', null, 5, ['chromium.window.direct'],
  ])('%j is no lane', (value) => {
    expect(accepts(LaneIdSchema, value)).toBe(false)
  })

  it('a cell is named before its route is known', () => {
    expect(cellId('webkit', 'service_worker', 'timer.cancel.before_fire')).toBe('webkit.service_worker/timer.cancel.before_fire')
    expect(accepts(CellIdSchema, 'webkit.service_worker/timer.cancel.before_fire')).toBe(true)
  })

  it.each([
    'webkit.window.direct/timer.a.b', 'webkit/timer.a.b', 'webkit.window/timer', 'webkit.window/Timer.a', 'webkit.window/timer.a/b', 'webkit.window/', 'webkit.window', 'edge.window/timer.a', 'webkit.page/timer.a',
    'webkit.window/../timer.a', null, {},
  ])('%j is no cell', (value) => {
    expect(accepts(CellIdSchema, value)).toBe(false)
  })

  it('a scenario id is of lower-case words joined by dots, and so a safe name for a folder', () => {
    for (const id of ['timer.a', 'websocket.close.1006_abnormal']) expect(accepts(ScenarioIdSchema, id)).toBe(true)
    for (const id of ['timer', '.timer.a', 'timer..a', 'timer.a.', 'timer.A', 'timer/a.b', 'timer.a b', 'timer.a\n', '../a.b']) expect(accepts(ScenarioIdSchema, id), id).toBe(false)
  })
})
