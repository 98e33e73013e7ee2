const LONE = /\p{Surrogate}/u
const EACH_LONE = /\p{Surrogate}/gu

/** Whether a text has a form in UTF-8. */
export const isWellFormed = (text: string): boolean => !LONE.test(text)

/** The text with each lone surrogate written as its escape, as in `\ud83d`: it has a form in UTF-8 then, and is not taken for another text. */
export const wellFormed = (text: string): string => (isWellFormed(text) ? text : text.replace(EACH_LONE, (lone) => `\\u${lone.charCodeAt(0).toString(16)}`))

/** The text as a host sends it, each lone surrogate replaced: WebIDL's `USVString`. */
export const asSent = (text: string): string => text.replace(EACH_LONE, '\ufffd')

/** The same as `wellFormed` of all text in a value made of plain objects and arrays; a value that needs no change is handed back itself. */
export const wellFormedIn = <Value>(value: Value): Value => (needsNone(value) ? value : mended(value) as Value)

/** Nearly all values need no change, and none of those is copied. */
function needsNone(value: unknown): boolean {
  if (typeof value === 'string') return isWellFormed(value)
  if (typeof value !== 'object' || value === null) return true
  for (const name of Object.keys(value)) if (!needsNone((value as Record<string, unknown>)[name])) return false
  return true
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(mended)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mended(part)]))
}
