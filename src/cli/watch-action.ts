import { relative } from 'node:path'
import { isLanecheckError } from '../contract/errors.js'
import { readCellBundle } from '../evidence/cell-bundle.js'
import { readTraffic } from '../evidence/traffic.js'
import { paintFor } from '../report/paint.js'
import { globFolders } from '../scenarios/own/glob-folders.js'
import { watch, type WatchedRun, type WatchOptions } from '../watch/watch.js'
import { holdAgainst } from './expected.js'
import { explain } from './explain.js'
import { chooseReporters, writeReports, type Reporter } from './reporters.js'

/** What is said of each run, and against which expectations. */
interface Telling { expectations: string | undefined; reporters: readonly Reporter[]; scenario_globs: readonly string[]; own_left_out: boolean }

/** As for a run that was cut off before its first cell. */
const NOTHING_RAN = 3

/** Watches until the signal aborts, and tells of each run; gives the exit code of the last save. Throws as `watch`. */
export async function watchCells(options: WatchOptions['verify'], { expectations, reporters, scenario_globs, own_left_out }: Telling): Promise<number> {
  const paint = paintFor(process.stderr)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const waiting = (): void => { if (!options.signal.aborted) say(paint.dim('waiting for a save; Ctrl-C ends')) }
  // Of what was saved last, and of the last run: that one stands again once what came after it is undone.
  let exit: number = NOTHING_RAN
  let ran: number = NOTHING_RAN
  const chosen = chooseReporters(reporters, options.out, process.env)
  let own = options.own?.scenarios ?? []
  await watch({
    verify: options,
    own: {
      read: async (reading) => {
        if (scenario_globs.length === 0) return []
        own = await (await import('../scenarios/own/load.js')).loadOwnScenarios(scenario_globs, '.', reading)
        return own
      },
      folders: () => globFolders(scenario_globs, '.'),
    },
    say,
    onSame: () => {
      exit = ran
      say('the same artifact and scenarios as before: nothing to run')
      waiting()
    },
    onNoChange: (files) => {
      say(`${files} saved, and nothing in it changed`)
      waiting()
    },
    onError: (error) => {
      exit = explain(error)
      waiting()
    },
    onRun: async ({ number, folder, ledger, took_ms, cut }: WatchedRun) => {
      try {
        const held = await holdAgainst(ledger, folder, expectations, { own, own_left_out })
        exit = ran = held.exit
        await writeReports(chosen, { ledger, folder, expectedOf: held.expected, missing: held.missing, bundleOf: (verdict) => readTraffic(folder, verdict), storyOf: (verdict) => readCellBundle(folder, verdict) }, process.env)
      } catch (error) {
        // The run is kept; what it was to be held against, or told in, may be mended before the next one.
        if (!isLanecheckError(error)) throw error
        exit = ran = explain(error)
      }
      say(`run ${number}: ${ledger.verdicts.length} ${ledger.verdicts.length === 1 ? 'cell' : 'cells'} in ${(took_ms / 1000).toFixed(2)} s${cut ? ', cut short by another save' : ''}, kept in ${relative('.', folder)}`)
      if (!cut) waiting()
    },
  })
  return exit
}
