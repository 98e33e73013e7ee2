// Builds dist/: Node's side by Vite, then the scripts that run in realms, bundled from it.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { buildReportPage } from './report-page.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)
await build({ logLevel: 'warn' })
const { bundleArtifact, bundleOwn } = await import('../dist/src/subjects/bundle.js')
const { labHostPlugins } = await import('../dist/src/lab/host-plugins.js')
const planted = ['broken-everywhere', 'broken-live', 'unsteady', 'reaches-outside', 'loses-realms', 'partial']
const scripts = {
  'report/template.html': buildReportPage,
  'agent.js': () => bundleOwn('host-probes/agent.js'),
  'lab-host.js': () => bundleOwn('src/lab/host/entry.js', labHostPlugins()),
  'artifacts/reference.js': () => bundleArtifact('subjects/reference/subject.ts'),
  'artifacts/canary.js': () => bundleArtifact('host-probes/canary/subject.ts'),
  'artifacts/native.js': () => bundleArtifact('subjects/native/subject.ts'),
  ...Object.fromEntries(planted.map((name) => [`artifacts/planted/${name}.js`, () => bundleArtifact(`subjects/planted/${name}.ts`)])),
  'artifacts/planted/without-recorder.js': () => bundleArtifact('subjects/native/subject.ts', { recorder: false }),
}
await mkdir(join(root, 'dist/artifacts/planted'), { recursive: true })
await mkdir(join(root, 'dist/report'), { recursive: true })
for (const [name, bundle] of Object.entries(scripts)) {
  const path = join(root, 'dist', name)
  await writeFile(`${path}.part`, await bundle())
  await rename(`${path}.part`, path)
}
