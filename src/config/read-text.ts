import { lstatSync, readFileSync } from 'node:fs'

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error))
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR'])

/** Whether anything stands at a place: a link that leads nowhere, too, and what may not be looked at. Reading it says what is wrong with it. */
export function standsAt(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch (error) {
    return !ABSENT.has(codeOf(error))
  }
}

/** The text of a file a person wrote, or why it cannot be had, as in `EISDIR`. */
export function readText(path: string): { ok: true; text: string } | { ok: false; code: string } {
  try {
    return { ok: true, text: readFileSync(path, 'utf8') }
  } catch (error) {
    return { ok: false, code: codeOf(error) }
  }
}
