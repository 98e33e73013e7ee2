import { LanecheckError } from '../contract/errors.js'

/** What was asked for that the lab has no virtual form of. The probe asks for much before the run, and finds it absent like anybody else. */
export interface Reaches {
  /** `read`: its value was read, so that what follows may break on finding none; else only whether it is there was asked. */
  note(name: string, read: boolean): void
  /** From here on it is the subject that asks. */
  runBegins(): void
  /** Names asked for since the run began, in order of first asking. */
  duringRun(): string[]
  /** The name that explains an error: one that its text tells of, else the last one read where something turned out to be undefined; null when none does. */
  explaining(text: string): string | null
}

const FOUND_NOTHING = /undefined|is not a (?:function|constructor)/

export function createReaches(): Reaches {
  const ever = new Set<string>()
  let run = new Set<string>()
  let lastRead: string | null = null
  const tellsOf = (text: string, name: string): boolean =>
    new RegExp(`(?<![\\w$.])(?:(?:globalThis|self)\\.)?${name.replaceAll('.', '\\.')} is (?:not defined|undefined|not a )`).test(text)
  return {
    note(name, read) {
      ever.add(name)
      run.add(name)
      if (read) lastRead = name
    },
    runBegins() {
      run = new Set()
      lastRead = null
    },
    duringRun: () => [...run],
    explaining: (text) => [...ever].find((name) => tellsOf(text, name)) ?? (FOUND_NOTHING.test(text) ? lastRead : null),
  }
}

export const missingGlobal = (name: string, text: string): LanecheckError =>
  new LanecheckError('lab_missing_global', `the subject reached for "${name}", which the lab has no virtual form of${text === '' ? '' : ` (${text})`}`, {
    where: name,
    hint: 'A subject that cannot do without it cannot be verified: the lab is one half of every verdict.',
  })
