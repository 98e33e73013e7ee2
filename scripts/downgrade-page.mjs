// Writes the generated parts of docs/downgrade.md anew: `node scripts/downgrade-page.mjs [BUNDLE]`. With the folder of a bridged cell's bundle
// the diagram is drawn from that run from now on; `--check` only says whether the page is stale.
import './setup/node-version.mjs'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [page, sample] = [join(root, 'docs', 'downgrade.md'), join(root, 'tests', 'golden', 'downgrade-sample')]
const [bundle] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const { module } = await runnerImport('./src/downgrade/docs.ts', { root, configFile: false, logLevel: 'warn' })
if (bundle !== undefined) {
  module.readDiagramInput(resolve(bundle))
  for (const name of ['downgrade.json', 'capture.ndjson']) copyFileSync(join(resolve(bundle), name), join(sample, name))
}
const before = readFileSync(page, 'utf8')
const after = module.writtenPage(before, module.readDiagramInput(sample))
if (process.argv.includes('--check')) {
  if (before !== after) console.error('docs/downgrade.md is stale: `node scripts/downgrade-page.mjs` writes it anew')
  process.exitCode = before === after ? 0 : 1
} else {
  writeFileSync(page, after)
  console.log(before === after ? 'docs/downgrade.md was up to date' : 'docs/downgrade.md written anew')
}
