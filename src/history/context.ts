import type { EngineIdentity } from '../contract/host.js'
import type { CellId } from '../contract/lane.js'
import { ENGINES, type Engine } from '../contract/vocabulary.js'
import type { RunAbout } from './record.js'

/** What can differ about two runs that is not a cell's outcome. */
export const CONTEXT_FIELDS = ['subject', 'subject_version', 'artifact_sha256', 'lanecheck_version', 'seed', 'chromium', 'firefox', 'webkit'] as const
export type ContextField = (typeof CONTEXT_FIELDS)[number]
/** Null on the side that had no such engine. */
export interface ContextChange { field: ContextField; from: string | null; to: string | null }

/** What exactly ran, in a phrase. */
export const identityText = ({ engine_product, engine_version, driver, os }: EngineIdentity): string => `${engine_product} ${engine_version} (${driver}; ${os})`

/** The differences between what two runs were about; that their ids and times differ goes without saying. */
export function contextChanges(from: RunAbout, to: RunAbout): ContextChange[] {
  return CONTEXT_FIELDS.flatMap((field) => {
    const change = { field, from: contextField(from, field), to: contextField(to, field) }
    return change.from === change.to ? [] : [change]
  })
}

function contextField(about: RunAbout, field: ContextField): string | null {
  switch (field) {
    case 'chromium':
    case 'firefox':
    case 'webkit':
      return engineOf(about, field)
    default:
      return String(about[field])
  }
}

function engineOf({ engines }: RunAbout, engine: Engine): string | null {
  const texts = engines.filter((identity) => identity.engine === engine).map(identityText).sort()
  return texts.length === 0 ? null : texts.join(' and ')
}

/** The same artifact, engine and kit: where these are equal, a cell has no reason to come out otherwise. Null when the engine is not known. */
export function contextKey(about: RunAbout, engine: Engine): string | null {
  const identity = engineOf(about, engine)
  return identity === null ? null : [about.subject, about.artifact_sha256, about.lanecheck_version, about.seed, identity].join('\n')
}

export const engineOfCell = (cell_id: CellId): Engine => ENGINES.find((engine) => cell_id.startsWith(`${engine}.`))!
