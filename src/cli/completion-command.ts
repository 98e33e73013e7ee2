import tab from '@bomb.sh/tab/commander'
import type { Option as TabOption } from '@bomb.sh/tab'
import type { Command } from 'commander'
import { cellId } from '../contract/lane.js'
import { rolesOf } from '../contract/scenario.js'
import { ENGINES, HOST_ROLES, SURFACE_FAMILIES } from '../contract/vocabulary.js'
import { CATALOGUE } from '../scenarios/catalogue.js'
import { REPORTERS } from './reporters.js'
import { BUILT_IN_SUBJECTS } from '../subjects/built-in.js'

/** Values of options with a closed vocabulary, by the option's name. */
const VALUES: Readonly<Record<string, () => readonly string[]>> = {
  engine: () => ENGINES,
  role: () => HOST_ROLES,
  scenario: () => [...new Set(CATALOGUE.map(({ id }) => `${id.split('.')[0] ?? id}.*`)), ...CATALOGUE.map(({ id }) => id)],
  cell: () => ENGINES.flatMap((engine) => CATALOGUE.flatMap((scenario) => rolesOf(scenario).map((role) => cellId(engine, role, scenario.id)))),
  row: () => SURFACE_FAMILIES,
  checklist: () => SURFACE_FAMILIES,
  reporter: () => REPORTERS,
  subject: () => Object.keys(BUILT_IN_SUBJECTS),
}
/** Options that take a list parted by commas: what is there already stays. */
const LISTS: ReadonlySet<string> = new Set(['engine', 'role'])
/** Placeholders that stand for a path: the shell knows files better. */
const PATHS = /<(?:[^>]*\b(?:folder|file|path)|document|bundle)\b/

/** Adds `completion <shell>`, and the hidden command that the shell's script asks; neither looks for an engine. */
export function addCompletion(program: Command): void {
  const root = tab(program, { completionCommandName: 'completion' })
  for (const [name, command] of root.commands) {
    if (name === 'complete') root.commands.delete(name)
    for (const [option, known] of command.options) {
      const values = VALUES[option]
      if (values !== undefined && known.isBoolean !== true) known.handler = handler(option, values)
    }
  }
  program.commands.find((command) => command.name() === 'completion')?.description('print a script that completes commands, options and their values in your shell')
    .addHelpText('after', `
Examples:
  lanecheck completion bash > ~/.local/share/bash-completion/completions/lanecheck
  lanecheck completion zsh > ~/.zsh/completions/_lanecheck
  lanecheck completion fish > ~/.config/fish/completions/lanecheck.fish`)
  const complete = program.commands.find((command) => command.name() === 'complete')
  // A path is left to the shell: the directive 0 asks for its own completion of files.
  complete?.hook('preAction', () => {
    if (!wantsPath(program, process.argv.slice(process.argv.indexOf('--') + 1))) return
    process.stdout.write(':0\n')
    process.exit(0)
  })
}

function handler(option: string, values: () => readonly string[]): NonNullable<TabOption['handler']> {
  return (complete) => {
    const word = process.argv.at(-1) ?? ''
    const typed = word.slice(word.indexOf('=') + 1)
    const before = LISTS.has(option) ? typed.slice(0, typed.lastIndexOf(',') + 1) : ''
    const taken = before.split(',')
    for (const value of values()) if (!taken.includes(value)) complete(`${before}${value}`, '')
  }
}

/** Whether the word under the cursor is the value of an option that takes a path, or an argument that does. */
export function wantsPath(program: Command, words: readonly string[]): boolean {
  let command = program
  const rest = [...words]
  for (let next = command.commands.find((one) => one.name() === rest[0]); next !== undefined && rest.length > 1; next = command.commands.find((one) => one.name() === rest[0])) {
    command = next
    rest.shift()
  }
  const [word = '', before = ''] = [rest.at(-1), rest.at(-2)]
  if (word.startsWith('-')) return word.includes('=') && isPath(command, word.slice(0, word.indexOf('=')))
  const option = command.options.find(({ long, short }) => before === long || (short !== undefined && before === short))
  if (option !== undefined && (option.required || option.optional)) return isPath(command, before)
  return command !== program && command.registeredArguments.some((argument) => argument.argChoices === undefined && PATHS.test(`<${argument.name()}>`))
}

const isPath = (command: Command, flag: string): boolean => {
  const option = command.options.find(({ long }) => long === flag)
  return option !== undefined && VALUES[option.name()] === undefined && PATHS.test(option.flags)
}
