import { LanecheckError } from '../contract/errors.js'
import type { Engine } from '../contract/vocabulary.js'
import type { Scenario } from '../contract/scenario.js'
import { findScenarios } from '../scenarios/catalogue.js'
import type { Artifact } from './artifact.js'
import type { SessionCanaries } from './canaries.js'
import { openEngineAccess, type EngineAccess, type EngineAccessOptions } from './engine-access.js'
import { serveArtifact, type Served } from './served.js'

export type OpenAccess = (options: EngineAccessOptions) => Promise<EngineAccess>

/** Engines with all that serves an artifact to them, kept from one run to the next; one run at a time. */
export interface WarmEngine {
  readonly served: Served
  /** How many frames each run may ask for, in each engine. */
  readonly frames: number
  /** Takes the place of `openEngineAccess`: what it gives closes with its run, the engine stays. Throws `internal` for a second run at once. */
  readonly open: OpenAccess
  /** Serves another artifact to the same engines; no run may be under way. */
  replace(artifact: Artifact): Promise<void>
  /** Takes a bounded time. */
  close(): Promise<void>
}

/** One engine, started by the first run that opens it. */
interface Kept { sessions: SessionCanaries[]; access: EngineAccess | null; run: EngineAccessOptions | null; runs: number; window_slot: number }

/** Serves an artifact to so many engines. `signal` ends at once what is under way in them. Throws `port_busy`. */
export async function keepWarm(artifact: Artifact, frames: number, own: readonly Scenario[] = [], engines = 1, signal?: AbortSignal): Promise<WarmEngine> {
  // Whatever scenario comes later finds the origins over TLS.
  const served = await serveArtifact(artifact, { slots: engines * (1 + frames), port: null, scenarios: findScenarios('**', own) })
  const stop = new AbortController()
  const ended = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal])
  const all = new Map<Engine, Kept>()
  const keptOf = (engine: Engine): Kept => {
    const kept = all.get(engine) ?? { sessions: [], access: null, run: null, runs: 0, window_slot: all.size * (1 + frames) }
    all.set(engine, kept)
    return kept
  }

  const start = (options: EngineAccessOptions, kept: Kept): Promise<EngineAccess> => openEngineAccess({
    ...options,
    window_slot: kept.window_slot,
    worker_slots: Array.from({ length: frames }, (_, frame) => kept.window_slot + 1 + frame),
    signal: ended,
    report: (line) => kept.run?.report(line),
    ...(options.canaries === undefined ? {} : {
      canaries: {
        ...options.canaries,
        first_session: 1,
        onSession: async (seen) => {
          kept.sessions.push(seen)
          await kept.run?.canaries?.onSession(seen)
        },
      },
    }),
  })

  const open: OpenAccess = async (options) => {
    const kept = keptOf(options.found.engine)
    if (kept.run !== null) throw new LanecheckError('internal', 'a warm engine takes one run at a time')
    kept.run = options
    const number = ++kept.runs
    try {
      // Each run keeps the canaries of the session that its verdicts rest on.
      const last = kept.sessions.at(-1)
      if (last !== undefined) await options.canaries?.onSession(last)
      const access = (kept.access ??= await start(options, kept))
      return {
        ...access,
        // The same cell in a later run is another attempt, with addresses of its own.
        attempt: (placeOf, shape) => access.attempt(placeOf, { ...shape, name: number === 1 ? shape.name : `run${number}.${shape.name}` }),
        close: async () => { kept.run = null },
      }
    } catch (error) {
      kept.run = null
      throw error
    }
  }

  return {
    served, frames, open,
    replace: async (next) => {
      for (const { access } of all.values()) access?.forgetProbes()
      await served.replace(next)
    },
    close: async () => {
      stop.abort()
      await Promise.all([...all.values()].map(({ access }) => access?.close()))
      await served.close()
    },
  }
}
