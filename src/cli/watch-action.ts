import { relative, resolve } from 'node:path'
import { readCellBundle } from '../evidence/cell-bundle.js'
import { readTraffic } from '../evidence/traffic.js'
import { paintFor } from '../report/paint.js'
import { watch, type WatchedRun, type WatchOptions } from '../watch/watch.js'
import { holdAgainst } from './expected.js'
import { explain } from './explain.js'
import { chooseReporters, writeReports, type Reporter } from './reporters.js'

/** What is said of each run, and against which expectations. */
interface Telling { expectations: string | undefined; reporters: readonly Reporter[]; scenario_globs: readonly string[]; own_left_out: boolean }

/** Watches until the signal aborts, and tells of each run; gives the exit code of the last save. Throws as `watch`. */
export async function watchCells(options: WatchOptions['verify'], { expectations, reporters, scenario_globs, own_left_out }: Telling): Promise<number> {
  const paint = paintFor(process.stderr)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const waiting = (): void => { if (!options.signal.aborted) say(paint.dim('waiting for a save; Ctrl-C ends')) }
  let exit = 0
  const chosen = chooseReporters(reporters, options.out, process.env)
  let own = options.own?.scenarios ?? []
  await watch({
    verify: options,
    own: async () => {
      if (scenario_globs.length === 0) return { files: [], scenarios: [] }
      const [{ loadOwnScenarios }, { scenarioFiles }] = await Promise.all([import('../scenarios/own/load.js'), import('../scenarios/own/find-files.js')])
      own = await loadOwnScenarios(scenario_globs, '.')
      return { files: scenarioFiles(scenario_globs, '.').map((file) => resolve(file)), scenarios: own }
    },
    say: (line) => {
      say(line)
      if (line.endsWith('nothing to run') || line.endsWith('nothing in it changed')) waiting()
    },
    onError: (error) => {
      exit = explain(error)
      waiting()
    },
    onRun: async ({ number, folder, ledger, took_ms, cut }: WatchedRun) => {
      const held = await holdAgainst(ledger, folder, expectations, { own, own_left_out })
      exit = held.exit
      await writeReports(chosen, { ledger, folder, expectedOf: held.expected, missing: held.missing, bundleOf: (verdict) => readTraffic(folder, verdict), storyOf: (verdict) => readCellBundle(folder, verdict) }, process.env)
      say(`run ${number}: ${ledger.verdicts.length} ${ledger.verdicts.length === 1 ? 'cell' : 'cells'} in ${(took_ms / 1000).toFixed(2)} s${cut ? ', cut short by another save' : ''}, kept in ${relative('.', folder)}`)
      if (!cut) waiting()
    },
  })
  return exit
}
