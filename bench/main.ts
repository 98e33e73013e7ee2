import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import Table from 'cli-table3'
import { atomicWrite } from '../src/evidence/atomic-write.js'
import { packageRoot } from '../src/package-root.js'
import { labSpeed } from './lab-speed.js'
import { loopbackEcho } from './loopback-echo.js'
import { matrixSpeed } from './matrix-speed.js'
import type { Measure } from './measure.js'

const PARTS = { lab: labSpeed, loopback: loopbackEcho, matrix: matrixSpeed }

const wanted = process.argv.slice(2)
const unknown = wanted.find((part) => !Object.hasOwn(PARTS, part))
if (unknown !== undefined) {
  process.stderr.write(`unknown part '${unknown}': one or more of ${Object.keys(PARTS).join(', ')}\n`)
  process.exit(64)
}

const measures: Measure[] = []
for (const [name, part] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`measuring: ${name}\n`)
  measures.push(...await part())
}

const results = join(packageRoot(), 'bench/results')
await mkdir(results, { recursive: true })
await atomicWrite(join(results, 'latest.json'), `${JSON.stringify(measures, null, 2)}\n`)
const table = new Table({ head: ['what', 'value', 'unit', 'ratio', 'to'], style: { head: [], border: [] }, colAligns: ['left', 'right', 'left', 'right', 'left'] })
for (const { name, value, unit, ratio, ratio_to } of measures) table.push([name, value.toLocaleString('en-US'), unit, ratio === undefined ? '' : String(ratio), ratio_to ?? ''])
process.stdout.write(`${table.toString()}\n`)
process.exit()
