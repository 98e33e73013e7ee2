// Builds dist/: Node's side by Vite, then the scripts that run in realms, bundled from it.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)
await build({ logLevel: 'warn' })
const { bundleArtifact, bundleOwn } = await import('../dist/src/subjects/bundle.js')
const scripts = {
  'agent.js': () => bundleOwn('host-probes/agent.js'),
  'lab-host.js': () => bundleOwn('src/lab/host/entry.js'),
  'artifacts/reference.js': () => bundleArtifact('subjects/reference/subject.ts'),
  'artifacts/native.js': () => bundleArtifact('subjects/native/subject.ts'),
}
await mkdir(join(root, 'dist/artifacts'), { recursive: true })
for (const [name, bundle] of Object.entries(scripts)) {
  const path = join(root, 'dist', name)
  await writeFile(`${path}.part`, await bundle())
  await rename(`${path}.part`, path)
}
