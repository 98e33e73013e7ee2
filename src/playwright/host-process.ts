// The process in which a Playwright worker's cells are run: apart from the test, whose options, traces and timers must not
// reach the kit's own pages. It keeps an engine warm for the next cell, and ends with the worker.
import { isLanecheckError } from '../contract/errors.js'
import { join, relative, sep } from 'node:path'
import type { Scenario } from '../contract/scenario.js'
import { readLedger } from '../evidence/ledger-file.js'
import { silentProgress } from '../report/progress.js'
import type { Artifact } from '../run/artifact.js'
import { verify } from '../run/verify.js'
import { keepWarm, type WarmEngine } from '../run/warm.js'
import { loadOwnScenarios } from '../scenarios/own/load.js'
import type { HostAnswer, HostRequest } from './host-protocol.js'

/** Frames beside the window: cells of worker roles run so many at a time. */
const FRAMES = 2
/** Engines kept; the one that was used longest ago is closed for another. */
const KEPT = 2

const warm = new Map<string, WarmEngine>()
const stop = new AbortController()
let last: Promise<void> = Promise.resolve()

async function warmFor(key: string, artifact: Artifact, own: readonly Scenario[]): Promise<WarmEngine> {
  const kept = warm.get(key) ?? await keepWarm(artifact, FRAMES, own)
  warm.delete(key)
  warm.set(key, kept)
  for (const old of [...warm.keys()].slice(0, -KEPT)) await cool(old)
  return kept
}

/** As they are typed in the current folder, for the command that runs a cell again. */
const relativeTo = ({ globs, folder }: HostRequest['own']): string[] => globs.map((glob) => join(relative('.', folder), glob).split(sep).join('/'))

async function cool(key: string): Promise<void> {
  const kept = warm.get(key)
  warm.delete(key)
  await kept?.close()
}

/** Read once: files that change while tests run would give two meanings to one name. */
const loaded = new Map<string, Promise<Scenario[]>>()
function ownOf({ globs, folder }: HostRequest['own']): Promise<Scenario[]> {
  const key = JSON.stringify([folder, globs])
  const found = loaded.get(key) ?? (globs.length === 0 ? Promise.resolve([]) : loadOwnScenarios(globs, folder))
  loaded.set(key, found)
  return found
}

async function run({ id, engine, roles, scenarios, cell, subject, own, seed, out, max_attempts }: HostRequest): Promise<HostAnswer> {
  let key: string | null = null
  try {
    const scenarios_of_own = await ownOf(own)
    await verify({
      own: { scenarios: scenarios_of_own, named: relativeTo(own) },
      engines: [engine], roles, scenarios, cell, subject, seed, out, out_is_default: false, resume: false, frames: FRAMES, max_attempts, signal: stop.signal, progress: silentProgress,
      warm: (artifact) => {
        key = `${engine} ${artifact.sha256}`
        return warmFor(key, artifact, scenarios_of_own)
      },
    })
    // What was lost may be the engine's own fault: the next cell gets another.
    if (key !== null && readLedger(out).verdicts.some(({ verdict }) => verdict === 'infrastructure_loss' || verdict === 'not_run')) await cool(key)
    return { id, ok: true }
  } catch (error) {
    if (key !== null) await cool(key)
    const { code, where, hint } = isLanecheckError(error) ? error : { code: 'internal' as const, where: null, hint: null }
    return { id, ok: false, error: { code, message: error instanceof Error ? error.message : String(error), where, hint } }
  }
}

process.on('message', (request: HostRequest) => {
  last = last.then(async () => { process.send?.(await run(request)) })
})
process.once('disconnect', () => {
  stop.abort()
  void last.then(() => Promise.all([...warm.keys()].map(cool))).finally(() => process.exit(0))
})
