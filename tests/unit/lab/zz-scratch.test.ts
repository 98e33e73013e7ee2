import { writeFileSync } from 'node:fs'
import { build, type Plugin } from 'vite'
import { expect, it } from 'vitest'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'
import { runLabTwice } from '../../../src/lab/run-lab.js'
import { normalize } from '../../../src/judge/normalize.js'
import { expectationFindings } from '../../../src/judge/compare-expectation.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { witnessFindings } from '../../../src/judge/compare-witness.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'

const root = process.cwd()
async function artifact(subject: string): Promise<string> {
  const plugin: Plugin = { name: 'e', resolveId: (id) => (id.endsWith('zz-entry') ? '\0zz-entry' : null), load: (id) => id === '\0zz-entry' ? `import '${root}/host-probes/recorder/install.ts'\nimport { boot } from '${root}/host-probes/realm.ts'\nboot(() => import('${root}/subjects/${subject}/subject.ts'))` : null }
  const built = await build({ configFile: false, root, logLevel: 'warn', plugins: [plugin], build: { write: false, minify: false, target: 'es2022', assetsInlineLimit: 1e9, lib: { entry: 'zz-entry', formats: ['iife'], name: 'x', fileName: 'x' }, rolldownOptions: { treeshake: { moduleSideEffects: true }, output: { codeSplitting: false } } } })
  return (Array.isArray(built) ? built[0]! : built as never)['output'][0].code
}
for (const subject of ['native', 'reference']) it(subject, async () => {
  const source = await artifact(subject)
  writeFileSync(`/tmp/lab/${subject}.js`, source)
  console.log(subject, source.length)
  let bad = 0
  for (const scenario of CATALOGUE) {
    const t = performance.now()
    try {
      const { first, second, deterministic } = await runLabTwice({ artifact: source, scenario, seed: 7 })
      const record = normalize({ scenario, events: first.events, clock_source: 'virtual_clock', end: first.end as never, digest: canonicalDigest })
      const findings = [...expectationFindings(scenario, record, 'lab', 0), ...hardBreaks(scenario, record, 0), ...witnessFindings(scenario, record, 0)]
      if (findings.length || !deterministic || first.end.type !== 'done' || first.reached_for.length) { bad++; console.log(scenario.id, deterministic, JSON.stringify(first.end), first.reached_for.join(), JSON.stringify(findings, null, 0).slice(0, 1500), first.console.slice(0, 5)) }
      if (performance.now() - t > 200) console.log('slow', scenario.id, Math.round(performance.now() - t), first.tasks, first.event_count)
      if (second.tasks !== first.tasks) console.log('tasks', first.tasks, second.tasks)
    } catch (e) { bad++; console.log(scenario.id, 'ERR', (e as Error).message, (e as { where?: string }).where, (e as Error).stack?.slice(0, 400)) }
  }
  console.log(subject, 'bad', bad, 'of', CATALOGUE.length)
  expect(bad).toBe(0)
}, 120000)
