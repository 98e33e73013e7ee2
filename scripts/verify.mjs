// `npm run verify`: set-up, then `lanecheck verify` with the same arguments.
import './setup/node-version.mjs'
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { ENGINES } from './setup/engines.mjs'
import { setUp } from './setup.mjs'

const args = process.argv.slice(2)
// Paths in the arguments are relative to where we were called.
const cwd = process.cwd()
await setUp({ engines: wantedEngines(args) })

const child = spawn(process.execPath, [resolve('dist/src/cli/main.js'), 'verify', ...args], { cwd, stdio: 'inherit' })
// A terminal sends SIGINT to the child as well; a second one would mean 'at once'.
const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => forwarded.includes(name) && child.kill(name))
child.on('error', (error) => {
  console.error(`lanecheck did not start: ${error.message}`)
  process.exit(70)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))

/** The engines that `--engine` names, so that no other is installed; all when it names none we know. */
function wantedEngines(args) {
  if (args.includes('--help') || args.includes('-h')) return false
  const words = args.some((arg) => arg.startsWith('--engine')) ? args.flatMap((arg) => arg.split(/[,=]/)) : []
  const named = ENGINES.filter((engine) => words.includes(engine))
  return named.length > 0 ? named : true
}
