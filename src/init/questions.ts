import { createInterface } from 'node:readline/promises'
import { LanecheckError } from '../contract/errors.js'
import type { Candidate } from './candidates.js'
import { LANGUAGES, type Choices } from './choices.js'
import type { NewFile } from './files.js'
import type { Decider } from './init.js'

/** Takes what is likeliest, and asks nobody. */
export const nobody: Decider = {
  package: async ([first]) => first!,
  choices: async (likely) => likely,
  go: async () => true,
}

/** How often a question is put again after an answer that is none. */
const TRIES = 3

/** Asks a person on a terminal; an empty answer takes what stands in brackets. The answers throw `interrupted` when the terminal closes, and `usage` when nothing fits. */
export function person(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, fixed: Partial<Choices>): Decider {
  const ask = async <Answer extends string>(question: string, answers: readonly Answer[], likely: Answer): Promise<Answer> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const answer = (await line(input, output, `${question} (${answers.map((one) => (one === likely ? `[${one}]` : one)).join(', ')}) `)).trim()
      const meant = answer === '' ? likely : answers.find((one) => one === answer.toLowerCase()) ?? answers.find((one) => one.startsWith(answer.toLowerCase()))
      if (meant !== undefined) return meant
    }
    throw new LanecheckError('usage', `no answer to: ${question}`, { where: 'lanecheck init', hint: `one of ${answers.join(', ')}; or ask for nothing: lanecheck init --yes` })
  }
  return {
    package: async (candidates) => {
      if (candidates.length === 1) return candidates[0]!
      output.write(`Packages here:\n${candidates.map(({ wanted, because }: Candidate, at) => `  ${at + 1}  ${wanted}: ${because}\n`).join('')}`)
      const numbers = candidates.map((_, at) => String(at + 1))
      return candidates[Number(await ask('Which one?', numbers, '1')) - 1]!
    },
    choices: async (likely, settled) => ({
      language: settled.language ?? fixed.language ?? await ask('Subject and scenario in TypeScript or JavaScript?', LANGUAGES, likely.language),
      config: fixed.config ?? await ask('Config in JSON or YAML?', ['json', 'yaml'], likely.config),
      bridge: await ask('Where it cannot run directly, may it run in Node behind the server bridge?', ['yes', 'no'], 'yes') === 'yes',
    }),
    go: async (files: readonly NewFile[]) => await ask(`Write ${files.map(({ path }) => path).join(', ')}?`, ['yes', 'no'], 'yes') === 'yes',
  }
}

async function line(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, question: string): Promise<string> {
  const reader = createInterface({ input, output })
  const closed = new AbortController()
  reader.once('close', () => closed.abort())
  reader.once('SIGINT', () => reader.close())
  try {
    return await reader.question(question, { signal: closed.signal })
  } catch {
    throw new LanecheckError('interrupted', 'no answer came; nothing was written', { where: 'lanecheck init', hint: 'lanecheck init --yes asks for nothing' })
  } finally {
    reader.close()
  }
}
