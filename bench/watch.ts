import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentProgress } from '../src/report/progress.js'
import { watch } from '../src/watch/watch.js'
import { median, round, type Measure } from './measure.js'

const SAVES = 7
const SUBJECT = `export default {
  name: 'watched', version: '0.0.0', requires: ['timers'], host_roles: ['window'], bridge: false,
  start: async () => ({ timers: { set: (ms, fire) => setTimeout(fire, ms), clear: (timer) => clearTimeout(timer) }, shutdown: async () => {} }),
}
`

/** From a save of a subject to the verdict of one scenario in one lane, the engine kept; and what the first run takes, which starts it. */
export async function watchSpeed(): Promise<Measure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'lanecheck-bench-watch-'))
  const subject = join(dir, 'subject.js')
  const stop = new AbortController()
  const took: number[] = []
  let saved_at = performance.now()
  const save = async (): Promise<void> => {
    const text = (await readFile(subject, 'utf8')).replace(/'0\.0\.\d+'/, `'0.0.${took.length}'`)
    saved_at = performance.now()
    await writeFile(subject, text)
  }
  try {
    await writeFile(subject, SUBJECT)
    await watch({
      verify: { engines: ['chromium'], roles: ['window'], scenarios: ['timer.order.distinct'], cell: null, subject, seed: 1, out: join(dir, 'out'), frames: 1, max_attempts: 3, signal: stop.signal, progress: silentProgress },
      say: () => undefined,
      onSame: () => { throw new Error('a save was taken for none') },
      onNoChange: (files) => { throw new Error(`a save of ${files} was taken for none`) },
      onError: (error) => { throw error },
      onRun: async ({ ledger }) => {
        const verdict = ledger.verdicts[0]?.verdict
        if (verdict !== 'parity') throw new Error(`the cell came out as ${verdict}: ${ledger.verdicts[0]?.reason}`)
        took.push(performance.now() - saved_at)
        if (took.length > SAVES) stop.abort()
        else await save()
      },
    })
  } finally {
    stop.abort()
    await rm(dir, { recursive: true, force: true })
  }
  const [first = 0, ...more] = took
  return [
    { name: 'watch: the first run, which starts the engine', value: round(first / 1000, 2), unit: 's' },
    { name: 'watch: from save to verdict, one scenario in one lane, median (aim: under 2)', value: round(median(more) / 1000, 2), unit: 's' },
    { name: 'watch: the same, at worst', value: round(Math.max(...more) / 1000, 2), unit: 's' },
  ]
}
