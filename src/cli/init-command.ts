import { Option, type Command } from 'commander'
import { LANGUAGES, type Choices } from '../init/choices.js'
import { initText } from '../report/init-text.js'
import { paintFor } from '../report/paint.js'
import { textOption } from './options.js'

interface Flags { yes?: boolean; missing?: boolean; language?: Choices['language']; configFormat?: Choices['config']; json?: boolean }

const EXIT_WEAK = 2

export function addInit(program: Command): void {
  program.command('init').description('put the package of this folder under test: write a subject, a config, expectations and a first scenario')
    .argument('[package]', 'a folder with a package.json, or the name of an installed package (default: what is found here)', textOption)
    .option('--yes', 'ask nothing; so too where standard input is no terminal')
    .option('--missing', 'write only what is not there yet')
    .addOption(new Option('--language <name>', 'of subject and scenario, where neither is there yet (default: ts where there is a tsconfig.json or the package has types)').choices(LANGUAGES))
    .addOption(new Option('--config-format <name>', 'of the config').choices(['json', 'yaml']))
    .option('--json', 'print what was done as JSON; asks nothing')
    .addHelpText('after', `
Examples:
  lanecheck init
  lanecheck init ./pkg --yes

Nothing that is there is written over: with --missing it is left as it is, without it nothing is written.
Exit codes: 0 written, 2 written, but the subject does not start in the lab as it stands, 3 a question was left unanswered, 64 no package, one for Node, or files that are there already.`)
    .action(async (wanted: string | undefined, flags: Flags) => {
      const [{ init }, { nobody, person }] = await Promise.all([import('../init/init.js'), import('../init/questions.js')])
      const fixed: Partial<Choices> = { ...(flags.language === undefined ? {} : { language: flags.language }), ...(flags.configFormat === undefined ? {} : { config: flags.configFormat }) }
      const asks = flags.yes !== true && flags.json !== true && process.stdin.isTTY === true && process.stderr.isTTY === true
      const decide = asks ? person(process.stdin, process.stderr, fixed) : { ...nobody, choices: async (likely: Choices) => ({ ...likely, ...fixed }) }
      const report = await init({ folder: process.cwd(), wanted: wanted ?? null, missing: flags.missing === true, decide })
      if (report === null) return void process.stderr.write('nothing was written\n')
      process.stdout.write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : initText(report, paintFor(process.stdout)))
      if (report.starts?.ok === false) process.exitCode = EXIT_WEAK
    })
}
