#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { LanecheckError } from '../contract/errors.js'
import { packageVersion } from '../package-root.js'
import { explain, usageError } from './explain.js'
import { addAudit } from './audit-command.js'
import { addGate } from './gate-command.js'
import { addHistory } from './history-command.js'
import { addControls } from './controls-command.js'
import { addClaims } from './claims-command.js'
import { addInspect } from './inspect-command.js'
import { addLanes } from './lanes-command.js'
import { addProbe } from './probe-command.js'
import { addReport } from './report-command.js'
import { addRows } from './rows-command.js'
import { addReplay } from './replay-command.js'
import { addVerify } from './verify-command.js'

function makeProgram(): Command {
  const program = new Command('lanecheck')
    .description('Finds out, lane by lane, where a browser package really runs.')
    .version(packageVersion())
    .addHelpText('after', '\nExample:\n  lanecheck verify --subject ./my-subject.ts --engine chromium --role window,dedicated_worker')
  addVerify(program)
  addProbe(program)
  addLanes(program)
  addRows(program)
  addAudit(program)
  addReplay(program)
  addGate(program)
  addControls(program)
  addReport(program)
  addClaims(program)
  addHistory(program)
  addInspect(program)
  // What commander has to say is said by `explain`.
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) command.exitOverride().configureOutput({ outputError: () => undefined })
  return program
}

async function run(program: Command): Promise<number> {
  try {
    await program.parseAsync()
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (!(error instanceof CommanderError)) return explain(error)
    const named = program.commands.find((command) => command.name() === process.argv[2])?.name() ?? null
    const usage = usageError(error, named)
    return usage === null ? 0 : explain(usage)
  }
}

/** What was written reaches a pipe before the process ends. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> => new Promise((resolve) => { stream.write('', () => resolve()) })

/** A reader that leaves early, as `head` does, is no fault; a disk that fills up is. */
function watchOutput(stream: NodeJS.WriteStream, name: string): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const full = error.code === 'ENOSPC'
    if (error.code !== 'EPIPE') failed ??= explain(new LanecheckError(full ? 'disk_full' : 'output_not_writable', `${name} cannot be written (${error.code})`, { hint: 'send it elsewhere' }))
  })
}

/** What went wrong outside the command's own way; node's own answer would be 1, which means a mismatch here. */
let failed: number | null = null
watchOutput(process.stdout, 'standard output')
watchOutput(process.stderr, 'standard error')
process.on('uncaughtException', (error) => process.exit(explain(error)))
const code = await run(makeProgram())
// All that a command started it has ended; a handle that a library forgot must not keep the process.
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit(failed ?? code)
