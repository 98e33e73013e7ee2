import type { Command } from 'commander'
import { ENGINES, type Engine } from '../contract/vocabulary.js'
import { doctorLines, doctorSum } from '../report/doctor-text.js'
import { paintFor } from '../report/paint.js'
import { widthOf } from '../report/width.js'
import { interruptible } from './interrupt.js'
import { enginesOption, listOption, textOption } from './options.js'
import { OWN_SCENARIOS_HELP, settingsOf, SUBJECT_HELP } from './settings.js'
import { DEFAULT_OUT } from './verify-command.js'

interface Flags { engine?: Engine[]; launch: boolean; out?: string; subject?: string; scenarios?: string[]; expectations?: string; config?: string; json?: boolean; quiet?: boolean }

export function addDoctor(program: Command): void {
  program.command('doctor')
    .description('check everything a run needs, say what is wrong and what to type to mend it')
    .option('--engine <names>', `only these engines: ${ENGINES.join(', ')}`, enginesOption)
    .option('--no-launch', 'find engines, but start none')
    .option('--out <folder>', `where the evidence would go (default: as verify takes it, else ${DEFAULT_OUT})`, textOption)
    .option('--subject <name or path>', `the subject that is to load: ${SUBJECT_HELP}`, textOption)
    .option('--scenarios <glob>', OWN_SCENARIOS_HELP, listOption)
    .option('--expectations <file>', 'the expectations file that is to parse (default: as verify takes it)', textOption)
    .option('--config <file>', 'the claims config that is to parse (default: as claims takes it)', textOption)
    .option('--json', 'print the report as JSON')
    .option('--quiet', 'only what failed or warns')
    .addHelpText('after', `
Example:
  lanecheck doctor --subject ./my-subject.ts --engine chromium

Exit codes: 0 a run has all it needs (warnings are printed), 3 the machine or an engine would not do, 64 Node, the subject, a file or the output folder would not, 70 the package itself is broken.`)
    .action(async (flags: Flags) => {
      process.exitCode = await run(flags)
    })
}

async function run({ engine, launch, config, json, quiet, ...named }: Flags): Promise<number> {
  const { subject, expectations, scenarios, out = DEFAULT_OUT } = settingsOf(named)
  const [{ examine }, { thisDesk }] = await Promise.all([import('../doctor/doctor.js'), import('../doctor/desk.js')])
  const interrupt = interruptible()
  const paint = paintFor(process.stdout)
  const width = widthOf(process.stdout)
  try {
    const report = await examine(thisDesk(), { engines: engine ?? ENGINES, launch, out, subject, scenarios, expectations, claims_config: config, signal: interrupt.signal }, (finding) => {
      // As each ends: an engine may take long to start.
      if (json !== true && (quiet !== true || finding.status === 'failed' || finding.status === 'warning')) process.stdout.write(`${doctorLines(finding, paint, width)}\n`)
    })
    process.stdout.write(json === true ? `${JSON.stringify(report, null, 2)}\n` : quiet === true && report.exit_code === 0 ? '' : `\n${doctorSum(report, paint)}\n`)
    return report.exit_code
  } finally {
    interrupt.release()
  }
}
