import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadExpectations } from '../../../src/config/expectations.js'
import { inspectPackage } from '../../../src/inspect/inspect.js'
import { packageRoot } from '../../../src/package-root.js'
import { inspectionText } from '../../../src/report/inspection-text.js'
import { paintFor } from '../../../src/report/paint.js'
import { exampleOf, type Example } from './in-lab.js'

/** By scenario, what its expectation finds in the lab. */
async function findings(example: Example, ids: readonly string[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const scenario of example.scenarios.filter(({ id }) => ids.includes(id))) {
    const { trace, deterministic, findings } = await example.cell(scenario)
    expect(trace.end, scenario.id).toEqual({ type: 'done', stalled: false })
    expect(deterministic, `${scenario.id}: two runs, one schedule and the same events`).toBe(true)
    expect(trace.reached_for, scenario.id).toEqual([])
    found[scenario.id] = findings
  }
  return found
}
const excused = ({ folder }: Example): string[] => [...new Set(loadExpectations(join(folder, 'lanecheck.expectations.json')).map(({ scenario }) => scenario))]

describe('T2 timer_surface: published packages as examples, in the lab', () => {
  it('@matrix-org/matrix-sdk-crypto-wasm: its own timer ends an awaited call, and outlives the machine', async () => {
    const example = await exampleOf('matrix-sdk-crypto-wasm')
    expect(await findings(example, ['matrix.call.results', 'matrix.wait.own_timer', 'matrix.wait.deadline', 'matrix.wait.cancel', 'matrix.wait.closed'])).toEqual({
      'matrix.call.results': [],
      'matrix.wait.own_timer': [],
      'matrix.wait.deadline': [],
      'matrix.wait.cancel': [],
      'matrix.wait.closed': [expect.stringMatching(/^leak cleanup\.timers: expected 0, found 1: setTimeout, @matrix-org\/matrix-sdk-crypto-wasm\/pkg\/matrix_sdk_crypto_wasm_bg\.js:\d+$/)],
    })
    expect(excused(example)).toEqual(['matrix.wait.closed'])
  }, 120_000)

  it('ywasm: its calls, and that it refuses badly', async () => {
    const example = await exampleOf('ywasm')
    expect(await findings(example, example.scenarios.map(({ id }) => id))).toEqual({
      'ywasm.text.merge': [],
      'ywasm.text.remove': [],
      'ywasm.update.garbage': ['expectation_lab calls.garbage.error_name: expected Error, found NonError'],
      'ywasm.text.insert_beyond': ['expectation_lab calls.beyond.end: expected failed, found completed', 'expectation_lab calls.beyond.error_name: expected Error, found null'],
      'ywasm.text.remove_beyond': ['expectation_lab outcome: expected completed, found trap', 'expectation_lab calls.beyond.error_name: expected Error, found RuntimeError'],
    })
    expect(excused(example)).toEqual(['ywasm.update.garbage', 'ywasm.text.insert_beyond', 'ywasm.text.remove_beyond'])
  }, 60_000)

  it('ywasm is classified: neither timers nor network', async () => {
    const seen = await inspectPackage('ywasm', packageRoot())
    expect(seen.inferred.families).toEqual([])
    expect(seen.uses.filter(({ capability }) => capability !== null && ['timers', 'websocket', 'fetch', 'event_source'].includes(capability))).toEqual([])
    expect(inspectionText(seen, paintFor({ isTTY: false } as NodeJS.WriteStream))).toContain('none: it has neither timers nor network')
  })

  it('@rust-nostr/nostr-sdk: a WebSocket from WASM, and what it leaves alive', async () => {
    const example = await exampleOf('nostr-sdk')
    const timers = (count: number): RegExp => new RegExp(`^leak cleanup\\.timers: expected 0, found ${count}: (setTimeout, @rust-nostr/nostr-sdk/pkg/nostr_sdk_js\\.js:\\d+(; )?){${count}}$`)
    expect(await findings(example, example.scenarios.map(({ id }) => id))).toEqual({
      'nostr.relay.subscribe': [expect.stringMatching(timers(3))],
      'nostr.relay.closed_by_relay': [expect.stringMatching(/^expectation_lab channels\.feed\.close: .* found never closed$/), expect.stringMatching(timers(2))],
      'nostr.relay.shutdown': [expect.stringMatching(timers(2))],
      'nostr.relay.patient': [],
      'nostr.relay.refused': [expect.stringMatching(timers(1))],
      'nostr.relay.silent': [expect.stringMatching(/^leak cleanup\.channels: expected 0, found 1: new WebSocket, @rust-nostr\/nostr-sdk\/pkg\/nostr_sdk_js\.js:\d+$/)],
      'nostr.note.sign': [],
    })
    expect(excused(example)).toEqual(['nostr.relay.{subscribe,shutdown}', 'nostr.relay.closed_by_relay', 'nostr.relay.refused', 'nostr.relay.silent'])
  }, 120_000)

  it.each(['matrix-sdk-crypto-wasm', 'ywasm', 'nostr-sdk'])('%s: the example names the very version that is installed', (name) => {
    const manifest = JSON.parse(readFileSync(join(packageRoot(), 'examples', name, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    const [[dependency, version] = []] = Object.entries(manifest.dependencies)
    const { devDependencies } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }
    expect([version, devDependencies[dependency!]]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/), version])
    expect(readFileSync(join(packageRoot(), 'examples', name, 'subject.js'), 'utf8')).toContain(`version: '${version}'`)
  })
})
