import { join } from 'node:path'
import { LIVE_CONTROLS } from '../../src/controls/live.js'
import { runLive } from '../../src/controls/run-live.js'
import type { ControlAnswer } from '../../src/controls/run-offline.js'
import type { LiveRun } from '../../src/controls/control.js'
import { expect, test, type Kit } from '../lanes/support.js'

/** All controls of a faulty part are planted in one run; the first test that asks for it makes it. */
const runs = new Map<LiveRun, Promise<ControlAnswer[]>>()
function runOf({ engine, folder }: Kit, run: LiveRun): Promise<ControlAnswer[]> {
  const known = runs.get(run) ?? runLive(LIVE_CONTROLS.filter((control) => control.run === run), { engines: [engine], out: join(folder, run), signal: new AbortController().signal, say: () => undefined })
  runs.set(run, known)
  return known
}

for (const { id, row, fault, required, run } of LIVE_CONTROLS) {
  test(`T4 ${row}: ${id}: ${fault} → ${required}`, async ({ kit }) => {
    const answer = (await runOf(kit, run)).find((one) => one.id === id)
    expect(answer).toEqual({ id, engine: kit.engine, required, given: required, right: true })
  })
}

test('T4 timer_surface, browser_surface: without its fault a live control is answered otherwise', async ({ kit }) => {
  const some = LIVE_CONTROLS.filter(({ run, read }) => run === 'broken-live' || read === 'canary' || run === 'partial')
  const answers = await runLive(some, { engines: [kit.engine], out: null, signal: new AbortController().signal, say: () => undefined, planted: false })
  expect(answers.map(({ id }) => id)).toEqual(some.map(({ id }) => id))
  expect(answers.filter(({ right }) => right)).toEqual([])
  expect([...new Set(answers.map(({ given }) => given))].sort()).toEqual(['good canary, session trusted', 'no finding', 'parity, eligible'])
})
