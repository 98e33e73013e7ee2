// `lanecheck verify` with a planted peer: it says h2 in its model and speaks HTTP/1.1. Prints the ledger.
// Arguments: engine, output folder, scenario globs.
import { verify } from '../../dist/src/run/verify.js'
import { silentProgress } from '../../dist/src/report/progress.js'

const [engine, out, ...scenarios] = process.argv.slice(2)
const ledger = await verify({
  engines: [engine], roles: ['window', 'dedicated_worker', 'shared_worker', 'service_worker'], scenarios, cell: null, subject: 'reference', seed: 1,
  out, out_is_default: false, resume: false, frames: 2, max_attempts: 3, signal: new AbortController().signal, progress: silentProgress,
  planted: { h2_speaks: 'http/1.1' },
})
process.stdout.write(JSON.stringify(ledger))
