import picomatch from 'picomatch'
import type { Engine } from '../contract/vocabulary.js'
import { LanecheckError } from '../contract/errors.js'
import { findEngine } from '../../lanes/engines/find.js'
import { CONTROLS } from './catalogue.js'
import type { Control } from './control.js'
import { runLive, type LiveOptions } from './run-live.js'
import { runOffline, type ControlAnswer } from './run-offline.js'

export interface ControlsOptions extends Pick<LiveOptions, 'out' | 'signal' | 'say'> {
  /** None: offline controls only. */
  engines: Engine[]
  /** Globs over ids; all when empty. */
  only: string[]
}

export interface ControlsReport {
  answers: ControlAnswer[]
  /** Engines that were asked for and are not here. */
  missing: Array<{ engine: Engine; reason: string }>
  exit_code: 0 | 1 | 3
}

/** The controls whose id matches any of the globs, in the catalogue's order. Throws `usage` when there is none. */
export function chosenControls(only: readonly string[], controls: readonly Control[] = CONTROLS): Control[] {
  if (only.length === 0) return [...controls]
  const matches = picomatch([...only])
  const chosen = controls.filter(({ id }) => matches(id) || matches(id.replaceAll('.', '/')))
  if (chosen.length === 0) throw new LanecheckError('usage', `no control matches ${only.join(', ')}`, { where: '--only', hint: 'lanecheck controls --list names them all' })
  return chosen
}

/** Plants every chosen fault and compares the answers with those required. Exit 1: a wrong answer; 3: an engine is missing. Throws `interrupted`. */
export async function runControls({ engines, only, out, signal, say }: ControlsOptions): Promise<ControlsReport> {
  const controls = chosenControls(only)
  const [live, offline] = [controls.filter((control) => control.live), controls.filter((control) => !control.live)]
  const found = engines.map((engine) => findEngine(engine))
  const missing = live.length === 0 ? [] : found.flatMap((one) => (one.found ? [] : [{ engine: one.engine, reason: `${one.reason}; to have it: ${one.install}` }]))
  say(`${offline.length} controls offline`)
  const answered = await runOffline(offline, { signal })
  if (signal.aborted) throw new LanecheckError('interrupted', 'the controls were interrupted')
  const there = found.filter((one) => one.found).map(({ engine }) => engine)
  const answers = [...await runLive(live, { engines: there, out, signal, say }), ...answered]
  return { answers, missing, exit_code: controlsExit(answers, missing.length) }
}

/** One wrong answer is worse than an engine that is not there. */
export const controlsExit = (answers: ReadonlyArray<Pick<ControlAnswer, 'right'>>, missing: number): ControlsReport['exit_code'] =>
  (answers.some(({ right }) => !right) ? 1 : missing > 0 ? 3 : 0)
