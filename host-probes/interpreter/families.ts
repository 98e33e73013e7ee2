import { record } from '../trace.js'
import { FamilyAbsent } from './context.js'

/** Records that the subject lacks what a step needs, and ends the run: it is unsupported, not failed. */
export function absent(family: string): never {
  record({ witness: 'subject', kind: 'family.absent', id: 'step', family })
  throw new FamilyAbsent(family)
}
