import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '../evidence/digest.js'
import { packageRoot } from '../package-root.js'
import { NO_ASSETS, type Assets } from '../contract/assets.js'
import { bundleSubject, type BundleChoices } from '../subjects/bundle.js'
import { BUILT_IN_SUBJECTS, PLANTED_SUBJECTS } from '../subjects/built-in.js'

export interface Artifact {
  /** As the user named it: a built-in's name or a path. */
  subject: string
  source: string
  sha256: string
  /** What it fetches by URL; its own first line lists them, so that its digest stands for them too. */
  assets: Assets
  /** For people: what was taken for granted when it was bundled. */
  notes: readonly string[]
  /** Files that a change of which would make another artifact; empty for what was built before. */
  made_of: readonly string[]
}

const isBuiltIn = (subject: string): boolean => Object.hasOwn(BUILT_IN_SUBJECTS, subject) || PLANTED_SUBJECTS.some((name) => subject === `planted/${name}`)

/** Takes a built-in subject's artifact as it was built, or bundles the module at a path. Throws what `bundleSubject` throws. */
export async function loadArtifact(subject: string, choices: BundleChoices = {}): Promise<Artifact> {
  const built = join(packageRoot(), 'dist/artifacts', `${subject}.js`)
  if (isBuiltIn(subject) && existsSync(built)) return artifactOf(subject, await readFile(built, 'utf8'), NO_ASSETS)
  const { source, assets, notes, made_of } = await bundleSubject(subject, choices)
  return { ...artifactOf(subject, source, assets), notes, made_of }
}

/** An artifact that is at hand. */
export const artifactOf = (subject: string, source: string, assets: Assets): Artifact => ({ subject, source, sha256: sha256Hex(source), assets, notes: [], made_of: [] })
