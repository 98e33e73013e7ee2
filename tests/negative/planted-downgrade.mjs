// `lanecheck downgrade` with more taken from its realms than its trials say: as no command line can.
// One argument, JSON: { engine, roles, only: [<glob>], out, take_away: [<global>] }
import { silentProgress } from '../../dist/src/report/progress.js'
import { chosenTrials, runDowngrades } from '../../dist/src/downgrade/run-downgrades.js'

const { engine, roles, only, out, take_away } = JSON.parse(process.argv[2])
const report = await runDowngrades({
  engines: [engine], roles, trials: chosenTrials(only), subject: 'reference', out, out_is_default: false, frames: 2, signal: new AbortController().signal, progress: silentProgress,
  planted: { trial: { take_away } },
})
process.stdout.write(`${JSON.stringify(report)}\n`)
