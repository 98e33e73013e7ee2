#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { ERROR_EXIT_CODES, isLanecheckError } from '../contract/errors.js'
import { packageVersion } from '../package-root.js'
import { paintFor } from '../report/paint.js'
import { addLanes } from './lanes-command.js'
import { addProbe } from './probe-command.js'
import { addVerify } from './verify-command.js'

const EXIT_USAGE = 64
const EXIT_INTERNAL = 70

function makeProgram(): Command {
  const program = new Command('lanecheck')
    .description('Finds out, lane by lane, where a browser package really runs.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(lanecheck --help lists all there is)')
  addVerify(program)
  addProbe(program)
  addLanes(program)
  for (const command of program.commands) command.exitOverride()
  return program
}

/** Says what was wrong, where, and what to do; no stack trace for a user's mistake. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  const paint = paintFor(process.stderr)
  if (isLanecheckError(error)) {
    const where = error.where === null ? '' : ` (${error.where})`
    process.stderr.write(`${paint.red(`error ${error.code}`)}: ${error.message}${where}\n`)
    if (error.hint !== null) process.stderr.write(`  ${error.hint}\n`)
    return ERROR_EXIT_CODES[error.code]
  }
  process.stderr.write(`${paint.red('error internal')}: this is a fault of lanecheck itself\n${error instanceof Error ? error.stack : String(error)}\n`)
  return EXIT_INTERNAL
}

/** What was written reaches a pipe before the process ends. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> => new Promise((resolve) => { stream.write('', () => resolve()) })

try {
  await makeProgram().parseAsync()
} catch (error) {
  process.exitCode = explain(error)
}
// All that a command started it has ended; a handle that a library forgot must not keep the process.
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit()
