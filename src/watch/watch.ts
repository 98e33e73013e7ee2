import { readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import type { Scenario } from '../contract/scenario.js'
import type { Ledger } from '../contract/verdict.js'
import { makeFolder, outputError } from '../evidence/atomic-write.js'
import { PLAN_FILE } from '../evidence/ledger-file.js'
import { loadArtifact, type Artifact } from '../run/artifact.js'
import { verify, wantedScenarios, type VerifyOptions } from '../run/verify.js'
import { keepWarm, type WarmEngine } from '../run/warm.js'
import type { Reading } from '../subjects/files-read.js'
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
  /** The maintainer's own scenarios, read anew for each run; none when left out. */
  own?: {
    /** Tells of each file that it looks at, when it throws too. */
    read(reading: Reading): Promise<readonly Scenario[]>
    /** Folders in which a scenario file that is missing may come. */
    folders(): readonly string[]
  }
  /** As for one run; `out` is the folder in which each run has one of its own. */
  verify: Omit<VerifyOptions, 'out_is_default' | 'resume' | 'warm' | 'given' | 'shard' | 'times' | 'port'>
  /** Called after each run. */
  onRun(run: WatchedRun): Promise<void>
  /** What is wrong with what was saved; nothing runs until the next save. */
  onError(error: LanecheckError): void
  /** What was saved is what the last run was of: it stands. */
  onSame(): void
  /** A file was saved as it was; what was said last stands. */
  onNoChange(files: string): void
  /** A line for people. */
  say(line: string): void
}

const RUN_NAME = /^\d{3,}$/

/**
 * Runs the cells, then again what each save of the subject, its scenarios or its crate touches, with the engines kept, until `signal` aborts.
 * Throws `output_holds_another_run`, `output_not_writable`, `interrupted` while a crate is built, and what is no fault of a save.
 */
export async function watch({ verify: options, own, onRun, onError, onSame, onNoChange, say }: WatchOptions): Promise<void> {
  let number = await lastRunIn(options.out)
  const files = watchFiles()
  const { signal } = options
  let warm: WarmEngine | null = null
  let before: Inputs | null = null
  /** Of the subject and of its own scenarios: what they were made of when they were last sound. */
  const sound = { subject: [resolve(options.subject)] as readonly string[], own: [] as readonly string[] }
  /** A package may be refused for its age alone: then a new one is a change. */
  let times_count = false
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
    if (touched.size === 0) return onSame()
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
    const [looked_at, missing, ours] = [new Set<string>(), new Set<string>(), new Set<string>()]
    const reading: Reading = { onFile: (path) => looked_at.add(path), onMissing: (path) => missing.add(dirname(path)) }
    const onBuilt = (paths: readonly string[]): void => paths.forEach((path) => ours.add(path))
    const watchAll = (all_in: readonly string[]): void => {
      files.set([...new Set([...sound.subject, ...sound.own, ...looked_at])], since, { all_in: [...all_in, ...missing], ours: [...ours] })
    }
    const artifact = await loadArtifact(options.subject, { signal, ...reading, onBuilt, ...(options.wasm === undefined ? {} : { wasm: options.wasm }) }).catch((error: unknown) => {
      watchAll([dirname(resolve(options.subject))])
      throw error
    })
    if (artifact.made_of.length === 0) throw new LanecheckError('usage', `there is nothing to watch of ${options.subject}: it was built with lanecheck`, { where: '--watch', hint: 'name the module of a subject: --subject ./my-subject.ts' })
    sound.subject = artifact.made_of
    looked_at.clear()
    const scenarios = await own?.read(reading).catch((error: unknown) => {
      watchAll(own.folders())
      throw error
    }) ?? []
    sound.own = [...looked_at]
    files.set([...sound.subject, ...sound.own], since, { ours: [...ours] })
    return { artifact, scenarios: wantedScenarios({ ...options, own: { scenarios, named: options.own?.named ?? [] } }) }
  }

  try {
    for (let saved: Saved | null = null; !signal.aborted;) {
      if (saved !== null && saved.changed.length === 0 && !times_count) onNoChange(named(saved.files))
      else {
        if (saved !== null) say(saved.changed.length === 0 ? `${named(saved.files)} touched` : `${named(saved.changed)} changed`)
        times_count = false
        try {
          await turn()
        } catch (error) {
          if (isOfASave(error)) {
            times_count = error.code === 'package_stale'
            onError(error)
          }
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

/** The number of the last run in a folder, 0 for none. Throws `output_holds_another_run` for a folder that is itself a run's, and what a folder throws that cannot be had. */
async function lastRunIn(out: string): Promise<number> {
  await makeFolder(out)
  const names = namesIn(out)
  if (names.includes(PLAN_FILE)) throw new LanecheckError('output_holds_another_run', `${out} is the evidence of one run`, { where: '--out', hint: 'name another folder: in watch mode each run has one of its own in it' })
  return Math.max(0, ...names.filter((name) => RUN_NAME.test(name)).map(Number))
}

function namesIn(out: string): string[] {
  try {
    return readdirSync(out)
  } catch (error) {
    throw outputError(out, error)
  }
}
