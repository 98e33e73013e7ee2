import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import type { Scenario } from '../contract/scenario.js'
import type { Ledger } from '../contract/verdict.js'
import { PLAN_FILE } from '../evidence/ledger-file.js'
import { loadArtifact, type Artifact } from '../run/artifact.js'
import { verify, wantedScenarios, type VerifyOptions } from '../run/verify.js'
import { keepWarm, type WarmEngine } from '../run/warm.js'
import { watchFiles, type Saved } from './files.js'
import { inputsOf, touchedBy, type Inputs } from './touched.js'

/** One run of many. */
export interface WatchedRun {
  /** Counted from 1 in its folder. */
  number: number
  folder: string
  ledger: Ledger
  /** From the save that called for it, or from the start, to its last verdict, in ms. */
  took_ms: number
  /** A save came before it was through: what it had gathered is kept. */
  cut: boolean
}

export interface WatchOptions {
  /** The files of the maintainer's own scenarios and what they hold, read anew for each run; none when left out. */
  own?(): Promise<{ files: readonly string[]; scenarios: readonly Scenario[] }>
  /** As for one run; `out` is the folder in which each run has one of its own. */
  verify: Omit<VerifyOptions, 'out_is_default' | 'resume' | 'warm' | 'given' | 'shard' | 'times' | 'port'>
  /** Called after each run. */
  onRun(run: WatchedRun): Promise<void>
  /** What is wrong with what was saved; nothing runs until the next save. */
  onError(error: LanecheckError): void
  /** A line for people. */
  say(line: string): void
}

const RUN_NAME = /^\d{3,}$/

/**
 * Runs the cells, then again what each save of the subject, its scenarios or its crate touches, with the engines kept, until `signal` aborts.
 * Throws `output_holds_another_run`, and what is no fault of a save.
 */
export async function watch({ verify: options, own, onRun, onError, say }: WatchOptions): Promise<void> {
  let number = lastRunIn(options.out)
  const files = watchFiles()
  const { signal } = options
  let warm: WarmEngine | null = null
  let before: Inputs | null = null
  let called_at = performance.now()
  const warmFor = async (artifact: Artifact): Promise<WarmEngine> => {
    if (warm === null) warm = await keepWarm(artifact, options.frames, options.own?.scenarios ?? [], options.engines.length, signal)
    else await warm.replace(artifact)
    return warm
  }
  const cool = async (): Promise<void> => {
    const ending = warm
    warm = null
    await ending?.close()
  }

  /** What a save comes to: a run, an error, or nothing. */
  async function turn(): Promise<void> {
    const made = await make()
    if (made === null) return
    const { artifact, scenarios } = made
    const now = inputsOf(artifact.sha256, scenarios)
    const touched = new Set(touchedBy(before, now))
    if (touched.size === 0) return say('the same artifact and scenarios as before: nothing to run')
    const cut = new AbortController()
    files.onSaved = ({ changed }) => { if (changed.length > 0) cut.abort() }
    const folder = join(options.out, String(++number).padStart(3, '0'))
    try {
      const ledger = await verify({
        ...options, out: folder, out_is_default: false, resume: false, signal: AbortSignal.any([signal, cut.signal]), warm: warmFor,
        given: { artifact, scenarios: scenarios.filter(({ id }) => touched.has(id)) },
      })
      const lost = ledger.verdicts.some(({ verdict }) => verdict === 'infrastructure_loss' || verdict === 'not_run')
      // What was not seen is asked for again with the next save, of another engine if that was why.
      before = lost ? null : now
      if (lost && !cut.signal.aborted) await cool()
      await onRun({ number, folder, ledger, took_ms: performance.now() - called_at, cut: cut.signal.aborted })
    } finally {
      files.onSaved = null
    }
  }

  async function make(): Promise<{ artifact: Artifact; scenarios: ReturnType<typeof wantedScenarios> } | null> {
    const since = Date.now()
    const artifact = await loadArtifact(options.subject, options.wasm === undefined ? {} : { wasm: options.wasm }).catch((error: unknown) => {
      // What it lacks may come with any file beside it, or beside the module that asks for it.
      const subject = resolve(options.subject)
      const where = isLanecheckError(error) ? error.where?.replace(/:\d+:\d+$/, '') : undefined
      files.set([subject], since, [...new Set([dirname(subject), ...(where === undefined ? [] : [dirname(resolve(where))])])].filter((folder) => existsSync(folder)))
      throw error
    })
    if (artifact.made_of.length === 0) throw new LanecheckError('usage', `there is nothing to watch of ${options.subject}: it was built with lanecheck`, { where: '--watch', hint: 'name the module of a subject: --subject ./my-subject.ts' })
    const named = await ownNow(since, artifact.made_of)
    files.set([...artifact.made_of, ...named.files], since)
    return { artifact, scenarios: wantedScenarios({ ...options, own: { scenarios: named.scenarios, named: options.own?.named ?? [] } }) }
  }

  /** What is wrong with a scenario's file is mended in it, or beside it. */
  async function ownNow(since: number, made_of: readonly string[]): Promise<{ files: readonly string[]; scenarios: readonly Scenario[] }> {
    try {
      return await own?.() ?? { files: [], scenarios: [] }
    } catch (error) {
      const where = isLanecheckError(error) ? error.where?.replace(/:\d+(?::\d+)?$/, '') : undefined
      files.set(made_of, since, where === undefined ? [] : [dirname(resolve(where))].filter((folder) => existsSync(folder)))
      throw error
    }
  }

  try {
    for (let saved: Saved | null = null; !signal.aborted;) {
      if (saved !== null && saved.changed.length === 0) say(`${named(saved.files)} saved, and nothing in it changed`)
      else {
        if (saved !== null) say(`${named(saved.changed)} changed`)
        try {
          await turn()
        } catch (error) {
          if (isOfASave(error)) onError(error)
          // The end or another save came before anything was kept: what this turn was of is still to run.
          else if (!isLanecheckError(error) || error.code !== 'interrupted') throw error
        }
      }
      saved = await files.next(signal)
      called_at = performance.now()
      if (saved === null) return
    }
  } finally {
    files.close()
    await cool()
  }
}

/** What the next save may mend. */
const isOfASave = (error: unknown): error is LanecheckError => isLanecheckError(error) && OF_A_SAVE.has(error.code)
const OF_A_SAVE: ReadonlySet<LanecheckError['code']> = new Set([
  'subject_not_found', 'subject_does_not_parse', 'subject_invalid', 'subject_throws', 'subject_never_starts', 'scenario_invalid', 'scenario_id_taken', 'scenario_file_not_found', 'unknown_scenario', 'unknown_cell',
  'package_stale', 'package_not_found', 'package_unreadable', 'wasm_pack_failed', 'wasm_invalid', 'lab_missing_global', 'lab_stalled',
] as const)

const named = (files: readonly string[]): string => files.slice(0, 3).map((path) => relative('.', path)).join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : '')

/** The number of the last run in a folder, 0 for none. Throws `output_holds_another_run` for a folder that is itself a run's. */
function lastRunIn(out: string): number {
  mkdirSync(out, { recursive: true })
  const names = readdirSync(out)
  if (names.includes(PLAN_FILE)) throw new LanecheckError('output_holds_another_run', `${out} is the evidence of one run`, { where: '--out', hint: 'name another folder: in watch mode each run has one of its own in it' })
  return Math.max(0, ...names.filter((name) => RUN_NAME.test(name)).map(Number))
}
