import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ENGINES, HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { refuseInside } from '../evidence/outside.js'
import { widthOf } from '../report/width.js'
import { paintFor } from '../report/paint.js'
import { showProgress, silentProgress } from '../report/progress.js'
import { interruptible } from './interrupt.js'
import { enginesOption, framesOption, listOption, rolesOption, textOption } from './options.js'
import { settingsOf, SUBJECT_HELP } from './settings.js'

/** Where the evidence of the trials goes when nobody says. */
const DEFAULT_OUT = 'lanecheck-downgrades'

interface Flags {
  engine?: Engine[]
  role?: HostRole[]
  only?: string[]
  subject?: string
  out?: string
  frames: number
  html?: string
  list?: boolean
  json?: boolean
  quiet?: boolean
}

export function addDowngrade(program: Command): void {
  const downgrade = program.command('downgrade')
    .description('take capabilities away, and see lane by lane whether the subject is downgraded when it must be and only then')
    .option('--engine <names>', `only these engines: ${ENGINES.join(', ')}`, enginesOption)
    .option('--role <names>', `only these host roles: ${HOST_ROLES.join(', ')}`, rolesOption)
    .option('--only <glob>', 'only trials whose id matches: \'taken.*\', \'*.needed\'; may be repeated', listOption)
    .option('--subject <name or path>', SUBJECT_HELP, textOption)
    .option('--out <folder>', `where the evidence goes (default: ${DEFAULT_OUT}; the run before is kept beside it)`, textOption)
    .addOption(framesOption())
    .option('--html <file>', 'write the answers as one HTML page, too', textOption)
    .option('--list', 'print the trials as Markdown and run nothing')
    .option('--json', 'print the report as JSON on standard output')
    .option('--quiet', 'no progress')
    .addHelpText('after', `
Examples:
  lanecheck downgrade --engine chromium --only 'taken.*' --subject ./my-subject.ts
  lanecheck downgrade diagram ${DEFAULT_OUT}/bundles/chromium.window.bridge/downgrade.taken.webassembly.echo

Exit codes: 0 every answer is the expected one, 1 another answer, 2 a weak experiment, 3 infrastructure or a run cut off, 64 wrong use, 70 our own fault.`)
    .action(async (flags: Flags) => {
      process.exitCode = await run(flags)
    })
  downgrade.command('diagram')
    .description('draw the downgrade of one bridged cell from its bundle, as a Mermaid sequence diagram')
    .argument('<bundle>', 'a folder of a bridged cell: bundles/<lane_id>/<scenario_id>', textOption)
    .addHelpText('after', `
Example:
  lanecheck downgrade diagram ${DEFAULT_OUT}/bundles/chromium.window.bridge/downgrade.taken.webassembly.echo`)
    .action(async (bundle: string) => {
      const { diagramOf, readDiagramInput } = await import('../downgrade/diagram.js')
      process.stdout.write(diagramOf(readDiagramInput(resolve(bundle))))
    })
}

async function run(flags: Flags): Promise<number> {
  // Not before it is needed: it takes longer to load than all the rest.
  const { chosenTrials, runDowngrades } = await import('../downgrade/run-downgrades.js')
  const trials = chosenTrials(flags.only ?? [])
  if (flags.list === true) {
    const { trialsList } = await import('../downgrade/page.js')
    process.stdout.write(flags.json === true ? jsonOf(trials) : `${trialsList(trials)}\n`)
    return 0
  }
  const out = resolve(flags.out ?? DEFAULT_OUT)
  if (flags.html !== undefined) refuseInside(flags.html, out, '--html')
  const interrupt = interruptible()
  try {
    const report = await runDowngrades({
      engines: flags.engine ?? ENGINES, roles: flags.role ?? [], trials, subject: settingsOf({ subject: flags.subject }).subject, out, out_is_default: flags.out === undefined, frames: flags.frames,
      signal: interrupt.signal, progress: flags.quiet === true ? silentProgress : showProgress(process.stderr),
    })
    if (flags.html !== undefined) {
      const { downgradeHtml } = await import('../downgrade/html.js')
      await atomicWrite(resolve(flags.html), downgradeHtml(report))
    }
    const { downgradeTable } = await import('../downgrade/table.js')
    process.stdout.write(flags.json === true ? jsonOf(report) : `${downgradeTable(report, paintFor(process.stdout), widthOf(process.stdout))}\nEvidence: ${out}\n`)
    return report.exit_code
  } finally {
    interrupt.release()
  }
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
