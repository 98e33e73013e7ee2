import type { Command } from 'commander'
import { paintFor, type Paint } from '../report/paint.js'
import { showProgress, silentProgress } from '../report/progress.js'
import type { ReplayReport, ReplaySide } from '../run/replay-report.js'
import { interruptible } from './interrupt.js'

interface Flags { live?: boolean; json?: boolean; quiet?: boolean }

export function addReplay(program: Command): void {
  program.command('replay')
    .description('run a kept cell again from its bundle alone, and compare')
    .argument('<bundle>', 'bundles/<lane_id>/<scenario_id> of an evidence folder')
    .option('--live', 'run it in its lane too, not only in the lab')
    .option('--json', 'print the comparison as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', `
Example:
  lanecheck replay lanecheck-evidence/bundles/firefox.window.direct/timer.order.distinct --live

Exit codes: 0 the same, 1 it differs, 2 not compared (another engine, artifact or lab than then), 3 it could not be run, 64 not a bundle.`)
    .action(async (bundle: string, flags: Flags) => {
      // The engines' driver is loaded for those who run something.
      const { replay } = await import('../run/replay.js')
      const interrupt = interruptible()
      try {
        const report = await replay({ bundle, live: flags.live === true, signal: interrupt.signal, progress: flags.quiet === true ? silentProgress : showProgress(process.stderr) })
        process.stdout.write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : replayText(report, paintFor(process.stdout)))
        process.exitCode = report.exit_code
      } finally {
        interrupt.release()
      }
    })
}

const SAYS: Record<ReplaySide['answer'], string> = {
  same: 'the same again', differs: 'differs from what was kept', not_compared: 'not compared: this is not what ran then', lost: 'could not be run',
}

/** What a person reads: a line for each side, and what differs. */
export function replayText({ cell_id, lane_id, lab, live }: ReplayReport, paint: Paint): string {
  const side = (name: string, { answer, because }: ReplaySide): string[] => [
    `${name.padEnd(4)}  ${answer === 'same' ? paint.green(SAYS[answer]) : paint.red(SAYS[answer])}`,
    ...because.map(({ what, kept, again }) => `      ${what}: kept ${kept}, now ${again}`),
  ]
  return [`${cell_id} (${lane_id})`, ...side('lab', lab), ...(live === null ? [] : side('live', live)), ''].join('\n')
}
