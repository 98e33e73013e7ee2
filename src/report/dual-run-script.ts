import { isLanecheckError } from '../contract/errors.js'
import { findScenarios } from '../scenarios/catalogue.js'

/** A command of a row, and whether it can be run by this version. */
export interface DualRunScript {
  command: string
  runs: boolean
  /** What it would run, or what it waits for. */
  note: string
}

/** Asks of a row's command whether this version has it, and scenarios for it; `commands` are the command line's own. */
export function dualRunScript(command: string, commands: readonly string[]): DualRunScript {
  const [, , name = '', ...args] = shellWords(command)
  if (!commands.includes(name)) return { command, runs: false, note: `planned: lanecheck has no command ${name} yet` }
  const globs = args.filter((_, index) => args[index - 1] === '--scenario')
  const counts = globs.map((glob) => ({ glob, count: countOf(glob) }))
  const empty = counts.find(({ count }) => count === 0)
  if (empty !== undefined) return { command, runs: false, note: `planned: no scenario matches '${empty.glob}' yet` }
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  return { command, runs: true, note: globs.length === 0 ? 'runs' : `runs ${total} ${total === 1 ? 'scenario' : 'scenarios'}` }
}

/** The words of a command as a POSIX shell takes them apart; our commands need no quoting but single quotes. */
export const shellWords = (command: string): string[] => [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

function countOf(glob: string): number {
  try {
    return findScenarios(glob).length
  } catch (error) {
    if (isLanecheckError(error) && error.code === 'unknown_scenario') return 0
    throw error
  }
}
