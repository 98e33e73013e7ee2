import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import Table from 'cli-table3'
import { atomicWrite } from '../src/evidence/atomic-write.js'
import { packageRoot } from '../src/package-root.js'
import { bridge } from './bridge.js'
import { historySpeed } from './history.js'
import { labSpeed } from './lab-speed.js'
import { loopbackEcho } from './loopback-echo.js'
import { matrixSpeed } from './matrix-speed.js'
import type { Measure } from './measure.js'
import { reportOpen } from './report-open.js'
import { watchSpeed } from './watch.js'

const PARTS = { lab: labSpeed, loopback: loopbackEcho, bridge, report: reportOpen, matrix: matrixSpeed, history: historySpeed, watch: watchSpeed }

const wanted = process.argv.slice(2)
const unknown = wanted.find((part) => !Object.hasOwn(PARTS, part))
if (unknown !== undefined) {
  process.stderr.write(`unknown part '${unknown}': one or more of ${Object.keys(PARTS).join(', ')}\n`)
  process.exit(64)
}

const results = join(packageRoot(), 'bench/results')
await mkdir(results, { recursive: true })
const keep = (name: string, of: Measure[]): Promise<void> => atomicWrite(join(results, `${name}.json`), `${JSON.stringify(of, null, 2)}\n`)

const measures: Measure[] = []
for (const [name, part] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`measuring: ${name}\n`)
  const own = await part()
  await keep(name, own)
  measures.push(...own)
}
// A part measured alone leaves what was measured of all together as it is.
if (wanted.length === 0) await keep('latest', measures)
const table = new Table({ head: ['what', 'value', 'unit', 'ratio', 'to'], style: { head: [], border: [] }, colAligns: ['left', 'right', 'left', 'right', 'left'] })
for (const { name, value, unit, ratio, ratio_to } of measures) table.push([name, value.toLocaleString('en-US'), unit, ratio === undefined ? '' : String(ratio), ratio_to ?? ''])
process.stdout.write(`${table.toString()}\n`)
process.exit()
