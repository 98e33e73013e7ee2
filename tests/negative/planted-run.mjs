// `lanecheck verify` with a fault planted at the bridge's server, or with globals taken from its realms: as no command line can.
// One argument, JSON: { engine, roles, scenarios, subject, out, faults: { <part of an attempt's name>: <fault> }, take_away: [<global>] }
import { silentProgress } from '../../dist/src/report/progress.js'
import { verify } from '../../dist/src/run/verify.js'

const { engine, roles, scenarios, subject, out, faults = {}, take_away = [] } = JSON.parse(process.argv[2])
const bridge_fault = (attempt) => Object.entries(faults).find(([part]) => attempt.includes(part))?.[1] ?? null
const ledger = await verify({
  engines: [engine], roles, scenarios, cell: null, subject, seed: 1, out, out_is_default: false, resume: false, frames: 2, max_attempts: 2,
  signal: new AbortController().signal, progress: silentProgress, trial: { bridge_fault, take_away },
})
process.stdout.write(`${JSON.stringify(ledger)}\n`)
