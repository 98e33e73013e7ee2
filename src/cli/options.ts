import { availableParallelism } from 'node:os'
import { InvalidArgumentError, Option } from 'commander'
import { LanecheckError, type ErrorCode } from '../contract/errors.js'
import { ENGINES, HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'

/** Reads a comma-separated or repeated list of tokens of a closed vocabulary. */
function tokens<Token extends string>(all: readonly Token[], code: ErrorCode, option: string, kind: string): (text: string, before: Token[] | undefined) => Token[] {
  return (text, before = []) => {
    const named = text.split(',').map((word) => word.trim())
    const unknown = named.find((word) => !(all as readonly string[]).includes(word))
    if (unknown !== undefined) throw new LanecheckError(code, `there is no ${kind} "${unknown}"`, { where: option, hint: `one or more of: ${all.join(', ')}` })
    return [...new Set([...before, ...(named as Token[])])]
  }
}

export const enginesOption: (text: string, before: Engine[] | undefined) => Engine[] = tokens(ENGINES, 'unknown_engine', '--engine', 'engine')
export const rolesOption: (text: string, before: HostRole[] | undefined) => HostRole[] = tokens(HOST_ROLES, 'unknown_host_role', '--role', 'host role')

/** Help for `--scenario`, with the quotes that a shell wants. */
export const SCENARIO_HELP = 'only scenarios whose id matches; * stands for anything, dots too: \'timer.*\', \'*.order.{distinct,equal}\'; may be repeated'

/** A text that says something: an empty one is what a shell leaves of a variable that is not set. */
export function textOption(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('it is empty.')
  return text
}
export const listOption = (text: string, before: string[] | undefined): string[] => [...(before ?? []), textOption(text)]

/** A whole number from `least` to `most`. */
export const wholeNumber = (least: number, most: number) => (text: string): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`want a whole number from ${least} to ${most}.`)
  return value
}

/** `--frames`; its help names no number, which would be this machine's. */
export const framesOption = (): Option =>
  new Option('--frames <number>', 'worker realms at a time in an engine').argParser(wholeNumber(1, 16)).default(Math.min(4, availableParallelism()), 'one a core, four at most')
