import { afterEach, describe, expect, it } from 'vitest'
import { LabRunSchema } from '../../../src/contract/evidence.js'
import { startLabRuns, type LabRuns } from '../../../src/run/lab-runs.js'
import { artifactOf, scenarioOf } from '../lab/scripts.js'
import { within } from '../subjects/runtimes.js'
import { SHA } from './support.js'

const scenario = (id: string) => scenarioOf({}, { id })
let labs: LabRuns | null = null
const start = (body: string): LabRuns => (labs = startLabRuns(artifactOf(body), SHA, 3))
afterEach(async () => {
  await labs?.close()
  labs = null
})

describe('T0 timer_surface: the lab side of each scenario', () => {
  it('two equal runs and a record of the virtual clock', async () => {
    const { run, events } = await within(start('log(await new Promise((go) => setTimeout(() => go(order.scenario.id), 5)))').of(scenario('lab.one')))
    expect(LabRunSchema.parse(run)).toMatchObject({ scenario_id: 'lab.one', seed: 3, artifact_sha256: SHA, deterministic: true, record: { clock_source: 'virtual_clock' } })
    expect(run.runs[0]).toEqual(run.runs[1])
    expect(events).toMatchObject([{ kind: 'log', text: 'lab.one' }])
  })

  it('each scenario once, however often it is asked for, and many at a time', async () => {
    const runs = start('log(Math.random())')
    const asked = ['lab.one', 'lab.two', 'lab.one'].map((id) => runs.of(scenario(id)))
    expect(asked[0]).toBe(asked[2])
    const [one, two] = await within(Promise.all(asked))
    expect([one!.run.scenario_id, two!.run.scenario_id]).toEqual(['lab.one', 'lab.two'])
  })

  it('what goes wrong in a scenario keeps its code and costs that scenario alone', async () => {
    const runs = start('if (order.scenario.id === \'lab.bad\') localStorage.getItem(\'x\'); log(1)')
    await expect(within(runs.of(scenario('lab.bad')))).rejects.toMatchObject({ name: 'LanecheckError', code: 'lab_missing_global' })
    expect((await within(runs.of(scenario('lab.good')))).run.deterministic).toBe(true)
  })

  it('when the lab has ended, all who wait and all who come later hear of it at once', async () => {
    const runs = start('log(1)')
    const waiting = runs.of(scenario('lab.one'))
    waiting.catch(() => undefined)
    await runs.close()
    await expect(within(waiting)).rejects.toMatchObject({ code: 'internal', message: 'the lab ended' })
    await expect(within(runs.of(scenario('lab.two')))).rejects.toMatchObject({ code: 'internal', message: 'the lab ended' })
  })
})
