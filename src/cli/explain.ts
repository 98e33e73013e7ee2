import type { CommanderError } from 'commander'
import { ERROR_EXIT_CODES, isLanecheckError, LanecheckError } from '../contract/errors.js'
import { paintFor } from '../report/paint.js'

const EXIT_INTERNAL = 70

/** Says what was wrong, where, and what to do; no stack trace for a user's mistake. Returns the exit code. */
export function explain(error: unknown): number {
  const paint = paintFor(process.stderr)
  if (!isLanecheckError(error)) {
    process.stderr.write(`${paint.red('error internal')}: this is a fault of lanecheck itself\n${error instanceof Error ? error.stack : String(error)}\n`)
    return EXIT_INTERNAL
  }
  const where = error.where === null || error.message.includes(error.where) ? '' : ` (${error.where})`
  process.stderr.write(`${paint.red(`error ${error.code}`)}: ${error.message}${where}\n`)
  if (error.hint !== null) process.stderr.write(`  ${error.hint}\n`)
  return ERROR_EXIT_CODES[error.code]
}

const HINTS: Partial<Record<string, string>> = {
  'commander.excessArguments': 'a glob that stands without quotes is spread by the shell: --scenario \'timer.*\'',
}

/** Commander's own complaint in our words; null when help or the version was asked for, and printed. `command`: the one that was meant, or null. */
export function usageError(error: CommanderError, command: string | null): LanecheckError | null {
  if (error.exitCode === 0) return null
  const help = command === null ? 'lanecheck --help' : `lanecheck ${command} --help`
  if (error.code === 'commander.help') return new LanecheckError('usage', 'no command', { hint: 'as in: lanecheck verify' })
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  // The last line is a guess at what was meant, in brackets.
  const guess = rest.join(' ').replace(/^\((.*)\)$/, '$1')
  return new LanecheckError('usage', message, { hint: [guess, HINTS[error.code] ?? '', `all there is: ${help}`].filter((part) => part !== '').join('; ') })
}
