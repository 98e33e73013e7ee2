import { InvalidArgumentError } from 'commander'
import { LanecheckError, type ErrorCode } from '../contract/errors.js'
import { ENGINES, HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'

/** Reads a comma-separated or repeated list of tokens of a closed vocabulary. */
function tokens<Token extends string>(all: readonly Token[], code: ErrorCode, option: string): (text: string, before: Token[] | undefined) => Token[] {
  return (text, before = []) => {
    const named = text.split(',').map((word) => word.trim())
    const unknown = named.find((word) => !(all as readonly string[]).includes(word))
    if (unknown !== undefined) throw new LanecheckError(code, `"${unknown}" is not known`, { where: option, hint: `one or more of: ${all.join(', ')}` })
    return [...new Set([...before, ...(named as Token[])])]
  }
}

export const enginesOption: (text: string, before: Engine[] | undefined) => Engine[] = tokens(ENGINES, 'unknown_engine', '--engine')
export const rolesOption: (text: string, before: HostRole[] | undefined) => HostRole[] = tokens(HOST_ROLES, 'unknown_host_role', '--role')
export const listOption = (text: string, before: string[] | undefined): string[] => [...(before ?? []), text]

/** A whole number from `least` to `most`. */
export const wholeNumber = (least: number, most: number) => (text: string): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`want a whole number from ${least} to ${most}.`)
  return value
}
