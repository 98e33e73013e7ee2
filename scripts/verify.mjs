// `npm run verify`: set-up, then `lanecheck verify` with the same arguments.
import './setup/node-version.mjs'
import { resolve } from 'node:path'
import { handOver } from './hand-over.mjs'
import { ENGINES } from './setup/engines.mjs'
import { setUp } from './setup.mjs'

const args = process.argv.slice(2)
// Paths in the arguments are relative to where we were called.
const cwd = process.cwd()
await setUp({ engines: wantedEngines(args) })

handOver([resolve('dist/src/cli/main.js'), 'verify', ...args], { cwd, name: 'lanecheck' })

/** The engines that `--engine` names, so that no other is installed; all when it names none we know. */
function wantedEngines(args) {
  if (args.includes('--help') || args.includes('-h')) return false
  const words = args.some((arg) => arg.startsWith('--engine')) ? args.flatMap((arg) => arg.split(/[,=]/)) : []
  const named = ENGINES.filter((engine) => words.includes(engine))
  return named.length > 0 ? named : true
}
