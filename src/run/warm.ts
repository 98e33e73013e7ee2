import { LanecheckError } from '../contract/errors.js'
import type { Scenario } from '../contract/scenario.js'
import { findScenarios } from '../scenarios/catalogue.js'
import type { Artifact } from './artifact.js'
import type { SessionCanaries } from './canaries.js'
import { openEngineAccess, type EngineAccess, type EngineAccessOptions } from './engine-access.js'
import { serveArtifact, type Served } from './served.js'

export type OpenAccess = (options: EngineAccessOptions) => Promise<EngineAccess>

/** An engine with all that serves one artifact, kept from one run to the next; one run at a time. */
export interface WarmEngine {
  readonly served: Served
  /** How many frames each run may ask for. */
  readonly frames: number
  /** Takes the place of `openEngineAccess`: what it gives closes with its run, the engine stays. Throws `internal` for a second run at once. */
  readonly open: OpenAccess
  /** Takes a bounded time. */
  close(): Promise<void>
}

/** Serves an artifact to an engine that is started by the first run that opens it. Throws `port_busy`. */
export async function keepWarm(artifact: Artifact, frames: number, own: readonly Scenario[] = []): Promise<WarmEngine> {
  // Whatever scenario comes later finds the origins over TLS.
  const served = await serveArtifact(artifact, { slots: 1 + frames, port: null, scenarios: findScenarios('**', own) })
  const stop = new AbortController()
  const sessions: SessionCanaries[] = []
  let access: EngineAccess | null = null
  let run: EngineAccessOptions | null = null
  let runs = 0

  const start = (options: EngineAccessOptions): Promise<EngineAccess> => openEngineAccess({
    ...options,
    window_slot: 0,
    worker_slots: Array.from({ length: frames }, (_, frame) => 1 + frame),
    signal: stop.signal,
    report: (line) => run?.report(line),
    ...(options.canaries === undefined ? {} : {
      canaries: {
        ...options.canaries,
        first_session: 1,
        onSession: async (seen) => {
          sessions.push(seen)
          await run?.canaries?.onSession(seen)
        },
      },
    }),
  })

  const open: OpenAccess = async (options) => {
    if (run !== null) throw new LanecheckError('internal', 'a warm engine takes one run at a time')
    run = options
    const number = ++runs
    try {
      // Each run keeps the canaries of the session that its verdicts rest on.
      const last = sessions.at(-1)
      if (last !== undefined) await options.canaries?.onSession(last)
      const kept = (access ??= await start(options))
      return {
        session: kept.session,
        proven: kept.proven,
        admit: kept.admit,
        // The same cell in a later run is another attempt, with addresses of its own.
        attempt: (placeOf, shape) => kept.attempt(placeOf, { ...shape, name: number === 1 ? shape.name : `run${number}.${shape.name}` }),
        close: async () => { run = null },
      }
    } catch (error) {
      run = null
      throw error
    }
  }

  return {
    served, frames, open,
    close: async () => {
      stop.abort()
      await access?.close()
      await served.close()
    },
  }
}
