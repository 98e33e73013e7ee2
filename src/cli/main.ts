#!/usr/bin/env node
import { CommanderError, type Command } from 'commander'
import { LanecheckError } from '../contract/errors.js'
import { explain, usageError } from './explain.js'
import { makeProgram } from './program.js'

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
