import { build, type Plugin } from 'vite'
import type { TraceEvent } from '../../../../src/contract/trace.js'
import { runLabOnce } from '../../../../src/lab/run-lab.js'
import { packageRoot } from '../../../../src/package-root.js'
import { CATALOGUE } from '../../../../src/scenarios/catalogue.js'

const ENTRY = 'lab-traces-entry'

/** What all witnesses saw of each scenario of the catalogue in the lab, by id; the native subject's, from the sources as they are. */
export async function runCatalogue(): Promise<Record<string, TraceEvent[]>> {
  const script = await artifact()
  const traces: Record<string, TraceEvent[]> = {}
  for (const scenario of CATALOGUE) traces[scenario.id] = (await runLabOnce({ artifact: script, scenario, seed: 7 })).events
  return traces
}

async function artifact(): Promise<string> {
  const root = packageRoot()
  const lines = [
    `import ${JSON.stringify(`${root}/host-probes/recorder/install.ts`)}`,
    `import { boot } from ${JSON.stringify(`${root}/host-probes/realm.ts`)}`,
    `boot(() => import(${JSON.stringify(`${root}/subjects/native/subject.ts`)}))`,
  ]
  const entry: Plugin = { name: ENTRY, resolveId: (id) => (id.endsWith(ENTRY) ? `\0${ENTRY}` : null), load: (id) => (id === `\0${ENTRY}` ? lines.join('\n') : null) }
  const built = await build({
    configFile: false, root, logLevel: 'silent', publicDir: false, plugins: [entry],
    build: {
      write: false, minify: false, target: 'es2022', lib: { entry: ENTRY, formats: ['iife'], name: 'labTraces', fileName: 'artifact' },
      rolldownOptions: { treeshake: { moduleSideEffects: true }, output: { codeSplitting: false } },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  return output !== undefined && 'output' in output ? output.output[0].code : ''
}
