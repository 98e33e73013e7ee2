import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { CANARIES } from '../../../src/contract/canary.js'
import { LAWS } from '../../../src/contract/verdict.js'
import { SURFACE_FAMILIES } from '../../../src/contract/vocabulary.js'
import { CONTROLS, OFFLINE_CONTROLS } from '../../../src/controls/catalogue.js'
import { CONTRACT_TABLE, PLACES } from '../../../src/controls/control.js'
import { LIVE_CONTROLS } from '../../../src/controls/live.js'
import { chosenControls, controlsExit } from '../../../src/controls/run-controls.js'
import { runOffline, type ControlAnswer } from '../../../src/controls/run-offline.js'
import { without } from '../../../src/controls/trace-faults.js'
import { controlsPage, controlsTable } from '../../../src/report/controls-table.js'
import { paintFor } from '../../../src/report/paint.js'

const byId = (answers: readonly ControlAnswer[]): Record<string, string> => Object.fromEntries(answers.map(({ id, given }) => [id, given]))
let planted: ControlAnswer[] = []
let unplanted: ControlAnswer[] = []
beforeAll(async () => {
  planted = await runOffline(OFFLINE_CONTROLS)
  unplanted = await runOffline(OFFLINE_CONTROLS, { planted: false })
}, 120_000)

describe('T4 controls without an engine', () => {
  test.each(OFFLINE_CONTROLS)('$row: $id: $fault → $required', ({ id, required }) => expect(byId(planted)[id]).toBe(required))
  test.each(OFFLINE_CONTROLS)('$row: $id: without the fault the answer is another, and a sound one', ({ id, required }) => {
    expect(byId(unplanted)[id]).not.toBe(required)
    expect(byId(unplanted)[id]).toMatch(/^(?:parity, eligible|bridge_only, eligible|audit clean, exit 0|eligible|taken|parses|direct)$/)
  })
  test('all are answered, once', () => expect(planted.map(({ id }) => id)).toEqual(OFFLINE_CONTROLS.map(({ id }) => id)))
  test('a fault with nothing to be planted in is none', () => expect(() => without({ kind: 'channel.open' })([])).toThrow('finds nothing to change'))
})

describe('T0 the catalogue of controls', () => {
  const missing = <Token>(all: readonly Token[], have: ReadonlyArray<Token | undefined>): Token[] => all.filter((token) => !have.includes(token))
  test('at least forty, each with a name of its own that says where', () => {
    expect(CONTROLS.length).toBeGreaterThanOrEqual(40)
    expect(new Set(CONTROLS.map(({ id }) => id)).size).toBe(CONTROLS.length)
    for (const { id, place, fault } of CONTROLS) {
      expect(id).toMatch(new RegExp(`^${place}\\.[a-z_]+$`))
      expect(fault).toMatch(/^\S.{10,150}$/)
    }
  })
  test('every law has one', () => expect(missing(LAWS, CONTROLS.map(({ law }) => law))).toEqual([]))
  test('every place has one', () => expect(missing(PLACES, CONTROLS.map(({ place }) => place))).toEqual([]))
  test('every row of the matrix has one', () => expect(missing(SURFACE_FAMILIES, CONTROLS.map(({ row }) => row))).toEqual([]))
  test('every line of the contract\'s table "what happened" has one', () => expect(missing(CONTRACT_TABLE, CONTROLS.map(({ table }) => table))).toEqual([]))
  test('every canary has one', () => expect(missing(CANARIES, LIVE_CONTROLS.filter(({ read }) => read === 'canary').map(({ scenario }) => scenario as (typeof CANARIES)[number]))).toEqual([]))
  test('a required answer that names a law names its own', () => {
    for (const { law, required } of CONTROLS) if (required.includes(', by ')) expect(required).toContain(`by ${law}`)
  })
  test('docs/controls.md is what `lanecheck controls --list` prints', () => expect(readFileSync('docs/controls.md', 'utf8')).toBe(controlsPage(CONTROLS)))
})

describe('T0 running controls', () => {
  test('--only takes globs over ids', () => {
    expect(chosenControls(['clock.*']).map(({ place }) => place)).toEqual(OFFLINE_CONTROLS.filter(({ place }) => place === 'clock').map(({ place }) => place))
    expect(chosenControls(['*.wall_clock_only', 'ledger.sums']).map(({ id }) => id)).toEqual(['clock.wall_clock_only', 'ledger.sums', 'report.wall_clock_only'])
    expect(chosenControls([])).toHaveLength(CONTROLS.length)
    expect(() => chosenControls(['nothing.*'])).toThrow('no control matches nothing.*')
  })
  test('one wrong answer is 1, also where an engine is missing; without one that is 3', () => {
    const [right, wrong] = [{ right: true }, { right: false }]
    expect([controlsExit([right], 0), controlsExit([right, wrong], 0), controlsExit([right, wrong], 1), controlsExit([right], 1), controlsExit([], 0)]).toEqual([0, 1, 1, 3, 0])
  })
  test('the table shows the fault, what is required and what was given; the first wrong answer shows', () => {
    const control = { id: 'clock.x', law: 'order', place: 'clock', live: true, fault: 'a clock that stops', required: 'this' }
    const answers = [{ id: 'clock.x', engine: 'chromium', given: 'this', right: true }, { id: 'clock.x', engine: 'webkit', given: 'that', right: false }]
    const text = controlsTable([control], answers, paintFor({ isTTY: false }))
    expect(text).toMatch(/WRONG\s+clock\.x\s+chromium webkit\s+a clock that stops\s+this\s+webkit: that/)
    expect(controlsTable([control], answers.slice(0, 1), paintFor({ isTTY: false }))).toMatch(/right\s+clock\.x\s+chromium\s+a clock that stops\s+this\s+the same/)
  })
  test('a stopped run answers no more', async () => {
    const stop = AbortSignal.abort()
    expect(await runOffline(OFFLINE_CONTROLS.slice(0, 2), { signal: stop })).toEqual([])
  })
})
