import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runLabTwice, type LabTrace } from '../../../src/lab/run-lab.js'
import { packageRoot } from '../../../src/package-root.js'
import { bundleArtifact } from '../../../src/subjects/bundle.js'
import { logs, scenarioOf } from './scripts.js'

/** Bundles a fixture and runs it twice; fails when the runs differ. */
async function ran(name: string, seed: number): Promise<LabTrace> {
  const artifact = await bundleArtifact(join(packageRoot(), `tests/fixtures/packages/${name}.ts`))
  const { first, second } = await runLabTwice({ artifact, scenario: scenarioOf(), seed })
  expect(first.end).toEqual({ type: 'done', stalled: false })
  expect([second.schedule_hash, second.event_hash]).toEqual([first.schedule_hash, first.event_hash])
  return first
}
const kinds = (trace: LabTrace): string[] => trace.events.filter(({ witness }) => witness === 'page').map(({ kind }) => kind)

describe('T2 timer_surface: packages as they are published, in the lab', () => {
  it('@matrix-org/matrix-sdk-crypto-wasm: an OlmMachine with its store, and an awaited call that its own timer ends', async () => {
    const trace = await ran('matrix', 5)
    expect(logs(trace)).toEqual([
      expect.stringMatching(/^identity [A-Za-z0-9+/]{43}$/), 'waited 1000 ms for 0 devices', 'KeysUpload,KeysQuery', 'store::matrix-sdk-crypto,store::matrix-sdk-crypto-meta'])
    expect(kinds(trace)).toEqual(['host.timer.set', 'host.timer.fired', 'host.alive', 'host.wasm.module', 'host.wasm.memory'])
    expect(trace.reached_for).toEqual([])
  })

  it('ywasm: two documents become one; neither timer nor network', async () => {
    const [one, other] = [await ran('ywasm', 5), await ran('ywasm', 6)]
    expect(logs(one)).toEqual(['hello world|hello world', expect.stringMatching(/by lot: \d+$/)])
    expect(logs(other)[1]).not.toBe(logs(one)[1])
    expect(kinds(one)).toEqual(['host.alive', 'host.wasm.module', 'host.wasm.memory'])
    expect(one.reached_for).toEqual([])
  })
})
