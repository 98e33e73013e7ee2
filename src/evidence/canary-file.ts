import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { EngineSchema, type Engine } from '../contract/vocabulary.js'

export interface CanaryPlace { engine: Engine; session: number }

/** Where the canaries of a session are kept, relative to the evidence folder. */
export const canaryPath = (engine: Engine, session: number): string => `canaries/${engine}.${session}.json`

/** The session that a path is for; null when it is none of canaries. */
export function canaryPlace(path: string): CanaryPlace | null {
  const [, engine, session] = /^canaries\/([a-z]+)\.([1-9][0-9]{0,5})\.json$/.exec(path) ?? []
  const parsed = EngineSchema.safeParse(engine)
  return parsed.success ? { engine: parsed.data, session: Number(session) } : null
}

/** The sessions whose canaries an evidence folder holds. */
export function canariesIn(dir: string): CanaryPlace[] {
  try {
    return readdirSync(join(dir, 'canaries')).flatMap((name) => canaryPlace(`canaries/${name}`) ?? [])
  } catch {
    return []
  }
}
