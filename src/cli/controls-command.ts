import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { ENGINES, type Engine } from '../contract/vocabulary.js'
import { paintFor } from '../report/paint.js'
import { controlsPage, controlsTable } from '../report/controls-table.js'
import { widthOf } from '../report/width.js'
import { interruptible } from './interrupt.js'
import { enginesOption, listOption, textOption } from './options.js'

interface Flags { engine?: Engine[]; only?: string[]; offline?: boolean; out?: string; list?: boolean; json?: boolean; quiet?: boolean }

export function addControls(program: Command): void {
  program.command('controls')
    .description('plant faults on purpose and check that each gets its required answer')
    .option('--engine <names>', `live controls only in these engines: ${ENGINES.join(', ')}`, enginesOption)
    .option('--only <glob>', 'only controls whose id matches: \'subject.*\', \'*.wall_clock_only\'; may be repeated', listOption)
    .addOption(new Option('--offline', 'only those that need no engine').conflicts(['engine', 'out']))
    .option('--out <folder>', 'keep the evidence of the live runs here, a folder a run (default: nothing is kept)', textOption)
    .option('--list', 'print the catalogue as Markdown and run nothing')
    .option('--json', 'for a machine: answers, missing engines')
    .option('--quiet', 'no progress')
    .addHelpText('after', `
Example:
  lanecheck controls --engine chromium --only 'subject.*'

Exit codes: 0 every answer is right, 1 a wrong answer, 3 an engine is missing, 64 wrong use.`)
    .action(async (flags: Flags) => {
      process.exitCode = await run(flags)
    })
}

async function run(flags: Flags): Promise<number> {
  // Not before it is needed: it takes longer to load than all the rest.
  const { chosenControls, runControls } = await import('../controls/run-controls.js')
  const only = flags.only ?? []
  const controls = chosenControls(only).filter(({ live }) => !live || flags.offline !== true)
  if (flags.list === true) {
    process.stdout.write(flags.json === true ? jsonOf(controls.map(({ id, law, place, row, live, fault, required }) => ({ id, law, place, row, live, fault, required }))) : controlsPage(controls))
    return 0
  }
  const interrupt = interruptible()
  try {
    const report = await runControls({
      engines: flags.offline === true ? [] : flags.engine ?? [...ENGINES], only, out: flags.out === undefined ? null : resolve(flags.out), signal: interrupt.signal,
      say: (line) => { if (flags.quiet !== true) process.stderr.write(`${line}\n`) },
    })
    const paint = paintFor(process.stdout)
    const wrong = report.answers.filter(({ right }) => !right).length
    const sum = `${report.answers.length} answers to ${new Set(report.answers.map(({ id }) => id)).size} controls: ${wrong === 0 ? paint.green('all right') : paint.red(`${wrong} wrong`)}`
    const missing = report.missing.map(({ engine, reason }) => `${engine} is missing: ${reason}\n`).join('')
    process.stdout.write(flags.json === true ? jsonOf(report) : `${controlsTable(controls, report.answers, paint, widthOf(process.stdout))}\n\n${sum}\n${missing}`)
    return report.exit_code
  } finally {
    interrupt.release()
  }
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
