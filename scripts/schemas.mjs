// `npm run schemas`: writes schemas/ anew from the Zod schemas; `-- --check` only says which files are stale.
import './setup/node-version.mjs'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'schemas')
const { module } = await runnerImport('./src/report/schema-files.ts', { root, configFile: false, logLevel: 'warn' })
const files = module.schemaFiles()

mkdirSync(folder, { recursive: true })
const before = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
const stale = [...new Set([...before.keys(), ...files.keys()])].filter((name) => before.get(name) !== files.get(name)).sort()

if (process.argv.includes('--check')) {
  for (const name of stale) console.error(`stale: schemas/${name}`)
  if (stale.length > 0) console.error('`npm run schemas` writes them anew')
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const name of stale) {
    if (files.has(name)) writeFileSync(join(folder, name), files.get(name))
    else rmSync(join(folder, name))
  }
  console.log(`${files.size} schemas, ${stale.length} written anew`)
}
