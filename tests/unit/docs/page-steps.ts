import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../cli/run.js'

/** What a reader does by a page: types commands and reads what they say, or writes a file. */
export type Step = { kind: 'commands'; commands: string[]; exit: number; says: string[] } | { kind: 'file'; name: string; text: string }

const FENCE = /^(`{3,})([^\n`]*)\n([^]*?)^\1$/gm

/** A fenced block: the word behind its fence, what else stands there, its text. */
export interface Block { language: string; attributes: string; text: string }

export const blocksOf = (markdown: string): Block[] => [...markdown.matchAll(FENCE)].map(([, , info = '', text = '']) => {
  const [language = '', ...rest] = info.trim().split(' ')
  return { language, attributes: rest.join(' '), text }
})

/**
 * The steps of a page in their order: `sh` blocks with the `text` that stands right below, `exit=1` for another exit code than 0,
 * and blocks with `file=NAME`.
 */
export function pageSteps(page: string): Step[] {
  const steps: Step[] = []
  for (const { language, attributes, text } of blocksOf(readFileSync(join(ROOT, page), 'utf8'))) {
    const file = /\bfile=(\S+)/.exec(attributes)?.[1]
    const last = steps.at(-1)
    if (file !== undefined) steps.push({ kind: 'file', name: file, text })
    else if (language === 'sh') steps.push({ kind: 'commands', commands: text.trimEnd().split('\n').map((line) => line.replace(/ +# .*$/, '')), exit: Number(/\bexit=(\d+)/.exec(attributes)?.[1] ?? 0), says: [] })
    else if (language === 'text' && last?.kind === 'commands' && last.says.length === 0) last.says.push(...text.trimEnd().split('\n'))
  }
  return steps
}
