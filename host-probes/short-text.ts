import { wellFormed } from '../src/contract/well-formed.js'

/** Half of a pair, left where a text was cut between the two. */
const CUT_PAIR = /[\ud800-\udbff]$/

/** At most so many characters of a value as text, whatever it is; a character outside the basic plane is kept whole or not at all. */
export function shortText(value: unknown, limit: number): string {
  const text = textOf(value)
  return wellFormed(text.length > limit ? text.slice(0, limit).replace(CUT_PAIR, '') : text)
}

/** A value as text, whatever it is: an object need have no form as text. */
export function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return `${typeof value} without a text`
  }
}
