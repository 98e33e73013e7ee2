import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '../evidence/digest.js'
import { packageRoot } from '../package-root.js'
import { bundleArtifact } from '../subjects/bundle.js'
import { BUILT_IN_SUBJECTS, PLANTED_SUBJECTS } from '../../subjects/built-in.js'

export interface Artifact {
  /** As the user named it: a built-in's name or a path. */
  subject: string
  source: string
  sha256: string
}

const isBuiltIn = (subject: string): boolean => Object.hasOwn(BUILT_IN_SUBJECTS, subject) || PLANTED_SUBJECTS.some((name) => subject === `planted/${name}`)

/** Takes a built-in subject's artifact as it was built, or bundles the module at a path. Throws `subject_not_found`, `subject_does_not_parse`. */
export async function loadArtifact(subject: string): Promise<Artifact> {
  const built = join(packageRoot(), 'dist/artifacts', `${subject}.js`)
  const source = isBuiltIn(subject) && existsSync(built) ? await readFile(built, 'utf8') : await bundleArtifact(subject)
  return { subject, source, sha256: sha256Hex(source) }
}
