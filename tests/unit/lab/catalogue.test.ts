import { beforeAll, describe, expect, it } from 'vitest'
import { build, type Plugin } from 'vite'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { expectationFindings } from '../../../src/judge/compare-expectation.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { normalize } from '../../../src/judge/normalize.js'
import { runLabTwice } from '../../../src/lab/run-lab.js'
import { packageRoot } from '../../../src/package-root.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'
import { TASK_SCENARIOS } from '../../../src/scenarios/task/calls.js'

let artifact = ''

/** The native subject's artifact, from the sources as they are. */
async function bundle(): Promise<string> {
  const root = packageRoot()
  const entry: Plugin = {
    name: 'lab-test-entry',
    resolveId: (id) => (id.endsWith('lab-test-entry') ? '\0lab-test-entry' : null),
    load: (id) => (id !== '\0lab-test-entry' ? null : [
      `import ${JSON.stringify(`${root}/host-probes/recorder/install.ts`)}`,
      `import { boot } from ${JSON.stringify(`${root}/host-probes/realm.ts`)}`,
      `boot(() => import(${JSON.stringify(`${root}/subjects/native/subject.ts`)}))`,
    ].join('\n')),
  }
  const built = await build({
    configFile: false, root, logLevel: 'silent', publicDir: false, plugins: [entry],
    build: {
      write: false, minify: false, target: 'es2022', lib: { entry: 'lab-test-entry', formats: ['iife'], name: 'labTest', fileName: 'artifact' },
      rolldownOptions: { treeshake: { moduleSideEffects: true }, output: { codeSplitting: false } },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  return output !== undefined && 'output' in output ? output.output[0].code : ''
}

describe('T1 timer_surface virtual_transport_surface: the catalogue in the lab, by the native subject', () => {
  beforeAll(async () => {
    artifact = await bundle()
  }, 60_000)

  it.each([...CATALOGUE, ...TASK_SCENARIOS].map((scenario) => [scenario.id, scenario] as const))('%s meets its expectation, twice the same', async (_id, scenario) => {
    const { first, deterministic } = await runLabTwice({ artifact, scenario, seed: 7 })
    const record = normalize({ scenario, events: first.events, clock_source: 'virtual_clock', end: { stalled: first.end.type === 'done' && first.end.stalled }, digest: canonicalDigest })
    expect(first.end).toMatchObject({ type: 'done' })
    expect([...expectationFindings(scenario, record, 'lab', 0), ...hardBreaks(scenario, record, 0)]).toEqual([])
    expect(deterministic).toBe(true)
    expect(first.reached_for).toEqual([])
  })
})
