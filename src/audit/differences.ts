export interface Difference { field: string; expected: string; found: string }

/** More differences than this between two records say nothing new. */
const LIMIT = 6
/** Longest value shown whole, in characters. */
const SHOWN_LIMIT = 120

/** Where two values of JSON differ, the first few places; `field` is the path of the values themselves. */
export function differences(expected: unknown, found: unknown, field = ''): Difference[] {
  const all: Difference[] = []
  compare(expected, found, field, all)
  return all
}

function compare(expected: unknown, found: unknown, field: string, into: Difference[]): void {
  if (expected === found || into.length >= LIMIT) return
  if (!isContainer(expected) || !isContainer(found) || Array.isArray(expected) !== Array.isArray(found)) {
    into.push({ field, expected: shown(expected), found: shown(found) })
    return
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    compare(expected[key], found[key], Array.isArray(expected) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`, into)
  }
}

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** A value as a reader would write it, cut when it is long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > SHOWN_LIMIT ? `${text.slice(0, SHOWN_LIMIT)}…` : text
}
