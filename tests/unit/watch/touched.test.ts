import { describe, expect, it } from 'vitest'
import { inputsOf, touchedBy } from '../../../src/watch/touched.js'
import { deadlineScenario } from '../judge/traces.js'

const [ONE, TWO] = ['a'.repeat(64), 'b'.repeat(64)] as [string, string]
const scenarios = ['timer.x.one', 'timer.x.two'].map((id) => deadlineScenario({ id }))

describe('T0 timer_surface: what a change touches', () => {
  it('the first time, and with another artifact, everything', () => {
    expect(touchedBy(null, inputsOf(ONE, scenarios))).toEqual(['timer.x.one', 'timer.x.two'])
    expect(touchedBy(inputsOf(ONE, scenarios), inputsOf(TWO, scenarios))).toEqual(['timer.x.one', 'timer.x.two'])
  })

  it('a scenario that says something else, or is new, and it alone', () => {
    const before = inputsOf(ONE, scenarios)
    expect(touchedBy(before, inputsOf(ONE, [scenarios[0]!, { ...scenarios[1]!, tick_ms: 77 }]))).toEqual(['timer.x.two'])
    expect(touchedBy(before, inputsOf(ONE, [...scenarios, deadlineScenario({ id: 'timer.x.three' })]))).toEqual(['timer.x.three'])
  })

  it('nothing, when nothing is different or something is gone', () => {
    expect(touchedBy(inputsOf(ONE, scenarios), inputsOf(ONE, structuredClone(scenarios)))).toEqual([])
    expect(touchedBy(inputsOf(ONE, scenarios), inputsOf(ONE, scenarios.slice(1)))).toEqual([])
  })
})
