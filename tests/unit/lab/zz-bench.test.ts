import { it } from 'vitest'
import FakeTimers from '@sinonjs/fake-timers'
import { artifactOf, scenarioOf } from './scripts.js'
import { runLabOnce } from '../../../src/lab/run-lab.js'
const N = 300_000
const rate = (n: number, ms: number) => Math.round(n / ms * 1000).toLocaleString()
async function lab(name: string, n: number, body: string) {
  const artifact = artifactOf(body)
  for (let i = 0; i < 3; i++) { const t = performance.now(); const trace = await runLabOnce({ artifact, scenario: scenarioOf({}, { limit_ticks: 10000, tick_ms: 1000 }), seed: 1 }); console.log('lab', name, rate(n, performance.now() - t), 'end', JSON.stringify(trace.end), 'tasks', trace.tasks, 'events', trace.event_count) }
}
it('bench', async () => {
  await lab('awaited', N, `for (let n = 0; n < ${N}; n++) await new Promise((go) => setTimeout(go, 1))`)
  await lab('queued', N, `let fired = 0; for (let n = 0; n < ${N}; n++) setTimeout(() => { fired++ }, n % 1000); await sleep(1001); log(String(fired))`)
  await lab('events', N, `for (let n = 0; n < ${N / 4}; n++) { log('set'); log('host.set'); await new Promise((go) => setTimeout(go, 1)); log('host.fired'); log('fired') }`)
  for (let i = 0; i < 3; i++) {
    const clock = FakeTimers.createClock(); let fired = 0
    let t = performance.now(); for (let n = 0; n < 20000; n++) clock.setTimeout(() => { fired++ }, n % 1000); clock.tick(1001); console.log('fake queued 20k', rate(20000, performance.now() - t), fired)
    t = performance.now(); let n = 0; const M = 50_000
    const loop = (async () => { while (n < M) { await new Promise<void>((go) => clock.setTimeout(go, 1)); n++ } })()
    while (n < M) await clock.tickAsync(1)
    await loop; console.log('fake awaited', rate(M, performance.now() - t))
  }
}, 300000)
