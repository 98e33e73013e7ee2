import { live, planted } from '../../../subjects/planted/plant.js'
import { defineSubject } from '../../../src/contract/subject.js'
import native from '../../../subjects/native/subject.js'
import { late } from './late.js'

/** How often it has started at this origin: an engine's profile is new in each run. */
const starts = async (): Promise<number> => {
  const cache = await caches.open('lanecheck-stress')
  const key = 'https://lanecheck-stress.invalid/starts'
  const count = Number(await (await cache.match(key))?.text() ?? '0') + 1
  await cache.put(key, new Response(String(count)))
  return count
}

/** Far behind its time in its first attempt, and sound in all that follow. */
export default defineSubject({
  ...planted('late-at-first', () => ({})),
  async start(host) {
    const runtime = await native.start(host)
    return live && await starts() === 1 ? { ...runtime, timers: late(runtime.timers!) } : runtime
  },
})
