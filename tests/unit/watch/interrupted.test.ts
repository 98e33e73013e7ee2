import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { LanecheckError } from '../../../src/contract/errors.js'
import { silentProgress } from '../../../src/report/progress.js'
import { watch } from '../../../src/watch/watch.js'
import { deadlineScenario } from '../judge/traces.js'
import { inFolder, SHA } from '../run/support.js'

const played = vi.hoisted(() => ({ verify: (): Promise<unknown> => Promise.resolve(), made_of: [] as string[] }))
vi.mock('../../../src/run/verify.js', () => ({ verify: () => played.verify(), wantedScenarios: () => [deadlineScenario()] }))
vi.mock('../../../src/run/artifact.js', () => ({ loadArtifact: () => Promise.resolve({ subject: 'x', source: '', sha256: SHA, assets: new Map(), notes: [], made_of: played.made_of }) }))

test('T0 timer_surface: watching ends without an error where the end comes before a run has begun to write', () => inFolder(async (dir) => {
  const stop = new AbortController()
  played.made_of = [join(dir, 'subject.js')]
  await writeFile(played.made_of[0]!, '')
  played.verify = () => {
    stop.abort()
    return Promise.reject(new LanecheckError('interrupted', 'the run was interrupted before it had anything to keep'))
  }
  const errors: unknown[] = []
  await watch({
    verify: { engines: ['chromium'], roles: ['window'], scenarios: [], cell: null, subject: played.made_of[0]!, seed: 1, out: join(dir, 'out'), frames: 1, max_attempts: 1, signal: stop.signal, progress: silentProgress },
    onRun: () => Promise.reject(new Error('there was no run')), onError: (error) => errors.push(error), onSame: () => undefined, onNoChange: () => undefined, say: () => undefined,
  })
  expect(errors).toEqual([])
}))
