/** One thing wrong with a scenario: the field, what is wrong there, and what to do. */
export interface Problem { path: string; message: string; hint: string }

/** `tasks.main[2].on_fire[0].timer`: a path as a person writes it. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}
