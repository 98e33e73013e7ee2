import { it } from 'vitest'
import { Session } from 'node:inspector/promises'
import { artifactOf, scenarioOf } from './scripts.js'
import { runLabOnce } from '../../../src/lab/run-lab.js'
const N = 300_000
it('p', async () => {
  for (const [name, body] of [['events', `for (let n = 0; n < ${N / 4}; n++) { log('set'); log('host.set'); await new Promise((go) => setTimeout(go, 1)); log('host.fired'); log('fired') }`], ['queued', `let fired = 0; for (let n = 0; n < ${N}; n++) setTimeout(() => { fired++ }, n % 1000); await sleep(1001); log(String(fired))`], ['awaited', `for (let n = 0; n < ${N}; n++) await new Promise((go) => setTimeout(go, 1))`]] as const) {
  const artifact = artifactOf(body), scenario = scenarioOf({}, { limit_ticks: 10000, tick_ms: 1000 })
  await runLabOnce({ artifact, scenario, seed: 1 })
  const ins = new Session(); ins.connect(); await ins.post('Profiler.enable'); await ins.post('Profiler.setSamplingInterval', { interval: 200 }); await ins.post('Profiler.start')
  const t = performance.now(); await runLabOnce({ artifact, scenario, seed: 1 }); const ms = performance.now() - t
  const { profile } = await ins.post('Profiler.stop')
  const nodes = new Map(profile.nodes.map((n) => [n.id, n])); const self = new Map<string, number>()
  profile.samples!.forEach((id, i) => { const n = nodes.get(id)!; const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').pop() + ':' + n.callFrame.lineNumber; self.set(k, (self.get(k) ?? 0) + profile.timeDeltas![i]!) })
  console.log(name, ms, [...self].sort((a, b) => b[1] - a[1]).slice(0, 16).map(([k, v]) => `${(v / 1000).toFixed(0)}ms ${k}`).join('\n'))
  }
}, 60000)
