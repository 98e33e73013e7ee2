import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { ENGINES, HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import { LanecheckError } from '../contract/errors.js'
import type { Scenario } from '../contract/scenario.js'
import type { ShardChoice } from '../contract/shard.js'
import { HIGHEST_BLOCKED_PORT } from '../loopback/refused-origins.js'
import { DEFAULT_EXPECTATIONS, loadExpectations } from '../config/expectations.js'
import { standsAt } from '../config/read-text.js'
import { readCellBundle } from '../evidence/cell-bundle.js'
import { refuseInside } from '../evidence/outside.js'
import { readTraffic } from '../evidence/traffic.js'
import { readTimes, timesOf, writeTimes } from '../evidence/times-file.js'
import { WORKER_END_TIMES, type WorkerEndTime } from '../contract/worker-end.js'
import { showProgress, silentProgress } from '../report/progress.js'
import { WASM_DELIVERIES, type WasmDelivery } from '../vite/wasm-delivery.js'
import type { WatchOptions } from '../watch/watch.js'
import { findCell } from './cell-option.js'
import { holdAgainst } from './expected.js'
import { interruptible } from './interrupt.js'
import { enginesOption, framesOption, listOption, rolesOption, SCENARIO_HELP, textOption, wholeNumber } from './options.js'
import { OWN_SCENARIOS_HELP, ownScenarios, settingsOf, SUBJECT_HELP, type Settings } from './settings.js'
import { shardOption } from './shard-option.js'
import { chooseReporters, REPORTER_HELP, reporterOption, writeReports, type Reporter } from './reporters.js'

/** Where evidence goes when nobody says. */
export const DEFAULT_OUT = 'lanecheck-evidence'
/** Where watched runs go when nobody says, one folder each. */
const WATCH_OUT = 'lanecheck-watch'
/** The ports that follow it are for the other pages of a run. */
const LAST_FIRST_PORT = 65_000

interface Flags {
  engine?: Engine[]
  role?: HostRole[]
  scenario?: string[]
  scenarios?: string[]
  cell?: string
  subject?: string
  wasm?: WasmDelivery
  watch?: boolean
  seed: number
  out?: string
  port?: number
  frames: number
  attempts: number
  expectations?: string
  updateExpectations?: boolean
  resume?: string | true
  shard?: ShardChoice
  times?: string
  writeTimes?: string
  endServiceWorker?: WorkerEndTime
  reporter?: Reporter[]
  json?: boolean
  quiet?: boolean
}

export function addVerify(program: Command): void {
  program.command('verify')
    .description('run scenarios in every lane, judge them against the lab, keep the evidence')
    .option('--engine <names>', `only these engines: ${ENGINES.join(', ')}`, enginesOption)
    .option('--role <names>', `only these host roles: ${HOST_ROLES.join(', ')}`, rolesOption)
    .option('--scenario <glob>', SCENARIO_HELP, listOption)
    .option('--scenarios <glob>', OWN_SCENARIOS_HELP, listOption)
    .addOption(new Option('--cell <id>', 'only this cell: <engine>.<host_role>/<scenario id>').argParser(textOption).conflicts(['engine', 'role', 'scenario']))
    .option('--subject <name or path>', SUBJECT_HELP, textOption)
    .addOption(new Option('--wasm <how>', 'how the subject\'s wasm comes into the realms: inlined in the script, which is so by itself, or fetched by URL').choices(WASM_DELIVERIES))
    .option('--seed <number>', 'seed of everything that is drawn by lot', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--out <folder>', `where the evidence goes (default: ${DEFAULT_OUT}; the run before is kept beside it)`, textOption)
    .option('--expectations <file>', `what is expected of which cell (default: ${DEFAULT_EXPECTATIONS}, when it is there)`, textOption)
    .option('--update-expectations', 'make that file fit this run, and show what changes; reasons are yours to write')
    .option('--resume [folder]', 'go on with the run that this folder holds, or the one of --out: same options, same engines', textOption)
    .addOption(new Option('--shard <i/n>', 'run only this part of the plan, as in 2/3; firefox:2/3 is a part of the cells in Firefox; lanecheck merge joins the parts').argParser(shardOption).conflicts('cell'))
    .option('--times <file>', 'share cells out by how long they took, as this file tells; without it, or before it is there, all count alike', textOption)
    .option('--write-times <file>', 'write how long each cell took to this file', textOption)
    .addOption(new Option('--end-service-worker <when>', 'end each service worker before its scenario or in the middle of it, and have it start again').choices(WORKER_END_TIMES))
    .addOption(new Option('--watch', `run again what a save of the subject, a scenario or its crate touches, with the engines kept; each run has a folder of its own in --out (default: ${WATCH_OUT})`).conflicts(['resume', 'shard', 'times', 'writeTimes', 'updateExpectations', 'port', 'json']))
    .option('--port <number>', 'first of the ports on 127.0.0.1 that serve the realms (default: free ones)', wholeNumber(HIGHEST_BLOCKED_PORT + 1, LAST_FIRST_PORT))
    .addOption(framesOption())
    .option('--attempts <number>', 'most live attempts at a cell', wholeNumber(1, 5), 3)
    .option('--reporter <name>', REPORTER_HELP, reporterOption)
    .option('--json', 'print the ledger as JSON on standard output; short for --reporter json')
    .option('--quiet', 'no progress')
    .addHelpText('after', `
Example:
  lanecheck verify --engine firefox --role shared_worker --scenario 'timer.*' --subject ./my-subject.ts

Exit codes: 0 all as expected, 1 a mismatch, 2 weak or unknown, 3 infrastructure or a missing cell, 64 wrong use, 70 our own fault.`)
    .action(async (flags: Flags) => {
      process.exitCode = flags.watch === true ? await runWatched(flags) : await run(flags)
    })
}

async function run(flags: Flags): Promise<number> {
  const settings = settingsOf({ subject: flags.subject, expectations: flags.expectations, out: namedOut(flags), scenarios: flags.scenarios })
  const out = resolve(settings.out ?? DEFAULT_OUT)
  if (flags.writeTimes !== undefined) refuseInside(flags.writeTimes, out, '--write-times')
  const times = flags.times === undefined ? null : readTimes(flags.times)
  // Before anything runs: a file that cannot be read is wrong use.
  if (flags.updateExpectations !== true || settings.expectations === undefined || standsAt(settings.expectations)) loadExpectations(settings.expectations)
  const reporters = chooseReporters([...(flags.reporter ?? []), ...(flags.json === true ? [{ name: 'json', file: null } as const] : [])], out, process.env)
  const own = await ownScenarios(settings)
  // Not before it is needed: it takes longer to load than all the rest.
  const { verify } = await import('../run/verify.js')
  const interrupt = interruptible()
  try {
    const ledger = await verify({
      ...askedFor(flags, settings, own, out, interrupt.signal),
      out_is_default: namedOut(flags) === undefined,
      resume: flags.resume !== undefined,
      ...(flags.shard === undefined ? {} : { shard: flags.shard }),
      ...(times === null ? {} : { times }),
      ...(flags.port === undefined ? {} : { port: flags.port }),
    })
    if (flags.writeTimes !== undefined) await writeTimes(flags.writeTimes, timesOf(out, ledger.verdicts))
    const { expected, missing, exit } = await holdAgainst(ledger, out, settings.expectations, { update: flags.updateExpectations ?? false, own, own_left_out: settings.own_left_out })
    await writeReports(reporters, { ledger, folder: out, expectedOf: expected, missing, bundleOf: (verdict) => readTraffic(out, verdict), storyOf: (verdict) => readCellBundle(out, verdict) }, process.env)
    return exit
  } finally {
    interrupt.release()
  }
}

/** Watch mode; gives the exit code of what was saved last. */
async function runWatched(flags: Flags): Promise<number> {
  const settings = settingsOf({ subject: flags.subject, expectations: flags.expectations, out: flags.out, scenarios: flags.scenarios })
  loadExpectations(settings.expectations)
  const { watchCells } = await import('./watch-action.js')
  const interrupt = interruptible()
  try {
    const asked = askedFor(flags, settings, await ownScenarios(settings), resolve(flags.out ?? WATCH_OUT), interrupt.signal)
    return await watchCells(asked, { expectations: settings.expectations, reporters: flags.reporter ?? [], scenario_globs: settings.scenarios, own_left_out: settings.own_left_out })
  } finally {
    interrupt.release()
  }
}

/** What every run takes of the command line and the config. */
function askedFor(flags: Flags, settings: Settings, own: readonly Scenario[], out: string, signal: AbortSignal): WatchOptions['verify'] {
  const cell = flags.cell === undefined ? null : findCell(flags.cell, own)
  return {
    engines: cell === null ? flags.engine ?? [...ENGINES] : [cell.engine],
    roles: cell === null ? flags.role ?? [...HOST_ROLES] : [cell.role],
    scenarios: flags.scenario ?? [],
    cell: cell?.cell ?? null,
    own: { scenarios: own, named: flags.scenarios ?? [] },
    subject: settings.subject,
    ...(flags.wasm === undefined ? {} : { wasm: flags.wasm }),
    seed: flags.seed,
    out,
    frames: flags.frames,
    max_attempts: flags.attempts,
    ...(flags.endServiceWorker === undefined ? {} : { end_service_worker: flags.endServiceWorker }),
    signal,
    progress: flags.quiet === true ? silentProgress : showProgress(process.stderr),
  }
}

/** The output folder that was named, by either option. */
function namedOut({ out, resume }: Pick<Flags, 'out' | 'resume'>): string | undefined {
  if (typeof resume !== 'string') return out
  if (out !== undefined && resolve(out) !== resolve(resume)) throw new LanecheckError('usage', '--resume and --out name two folders', { where: '--resume', hint: 'name the folder that holds the run, once' })
  return resume
}
