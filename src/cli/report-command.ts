import type { Command } from 'commander'
import { readLedger } from '../evidence/ledger-file.js'
import { readCellBundle } from '../evidence/cell-bundle.js'
import { readTraffic } from '../evidence/traffic.js'
import { holdAgainst } from './expected.js'
import { textOption } from './options.js'
import { ownScenarios, settingsOf } from './settings.js'
import { chooseReporters, REPORTER_HELP, reporterOption, writeReports, type Reporter } from './reporters.js'

interface Flags { reporter?: Reporter[]; expectations?: string; history?: string; json?: boolean }

export function addReport(program: Command): void {
  program.command('report')
    .description('report a run from its evidence folder, for people or machines')
    .argument('<folder>', 'the evidence folder of a run')
    .option('--reporter <name>', REPORTER_HELP, reporterOption)
    .option('--expectations <file>', 'what is expected of which cell', textOption)
    .option('--history <file>', 'a history whose runs of the subject the html report draws', textOption)
    .option('--json', 'print the ledger as JSON; short for --reporter json')
    .addHelpText('after', `
Example:
  lanecheck report lanecheck-evidence --reporter junit=report.xml --reporter har=traffic.har

The exit code is that of the run: 0 all as expected, 1 a mismatch, 2 weak or unknown, 3 infrastructure or a missing cell.
A report tells what the folder says; lanecheck audit tells whether to believe it.`)
    .action(async (folder: string, flags: Flags) => {
      const reporters = chooseReporters([...(flags.reporter ?? []), ...(flags.json === true ? [{ name: 'json', file: null } as const] : [])], folder, process.env)
      const ledger = readLedger(folder)
      // SQLite is loaded for those who ask for it.
      const history = flags.history === undefined ? {} : { history: (await import('../history/for-report.js')).historyForReport(flags.history, ledger.run.subject.name) }
      const settings = settingsOf({ expectations: flags.expectations })
      const { expected, missing, exit } = await holdAgainst(ledger, folder, settings.expectations, { own: await ownScenarios(settings), own_left_out: settings.own_left_out })
      await writeReports(reporters, { ledger, folder, expectedOf: expected, missing, bundleOf: (verdict) => readTraffic(folder, verdict), storyOf: (verdict) => readCellBundle(folder, verdict), ...history }, process.env)
      process.exitCode = exit
    })
}
