import type { Command } from 'commander'
import { listOption, textOption } from './options.js'

export interface HistoryFlags { db: string; subject?: string; cell?: string[]; svg?: string; json?: boolean }

/** Where the history is when no `--db` says otherwise. */
export const DEFAULT_HISTORY = 'lanecheck-history.db'

export function addHistory(program: Command): void {
  const history = program.command('history').description('keep many runs in one file: since when a cell is as it is, what flakes, what changed between two runs')
    .addHelpText('after', '\nExample:\n  lanecheck history add lanecheck-evidence && lanecheck history show')
  const withFile = (command: Command): Command => command.option('--db <file>', 'the history', textOption, DEFAULT_HISTORY)
  const ofSubject = (command: Command): Command => withFile(command).option('--subject <name>', 'of which subject (default: that of the latest run)', textOption)
  // Not before it is needed, here and below: SQLite takes longer to load than all the rest.
  withFile(history.command('add').description('add runs, all or none; the digests of their evidence are checked first')
    .argument('<folder...>', 'evidence folders of complete runs'))
    .option('--json', 'print what became of each as JSON')
    .addHelpText('after', `
Example:
  lanecheck history add lanecheck-evidence --db history.db

The very same evidence a second time changes nothing, and is said to be known. docs/history.md tells what is kept.`)
    .action(async (folders: string[], flags: HistoryFlags) => (await import('./history-actions.js')).addToHistory(folders, flags))
  ofSubject(history.command('show').description('per lane and cell: since when it is as it is, and how often it flaked'))
    .option('--cell <glob>', 'only cells whose id matches, and all of them: \'firefox.*/timer.*\'; may be repeated', listOption)
    .option('--svg <file>', 'draw verdicts by run to a file as well', textOption)
    .option('--json', 'print the report as JSON')
    .addHelpText('after', '\nExample:\n  lanecheck history show --db history.db --svg history.svg')
    .action(async (flags: HistoryFlags) => (await import('./history-actions.js')).showTheHistory(flags))
  ofSubject(history.command('diff').description('what changed between two runs, and what differs about the runs themselves')
    .argument('[from]', 'a run: the start of its id, latest, or latest~1 for the one before', 'latest~1').argument('[to]', 'likewise', 'latest'))
    .option('--json', 'print the difference as JSON')
    .addHelpText('after', `
Example:
  lanecheck history diff latest~1 latest --db history.db

Exit code 0 whatever has changed: what a change means for a build is for verify and its expectations.`)
    .action(async (from: string, to: string, flags: HistoryFlags) => (await import('./history-actions.js')).diffTheHistory(from, to, flags))
}
