import { LanecheckError } from '../contract/errors.js'
import { FromRealmSchema, type FromRealm } from '../contract/realm-protocol.js'

/** Parses a message of the artifact. Throws `subject_invalid` when the subject's declaration is wrong, else `internal`. */
export function parseRealmMessage(text: string): FromRealm {
  const message: unknown = JSON.parse(text)
  const parsed = FromRealmSchema.safeParse(message)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.map(String).join('.') ?? ''
  const isDeclaration = where.startsWith('subject')
  throw new LanecheckError(isDeclaration ? 'subject_invalid' : 'internal',
    isDeclaration ? `the subject's declaration is not valid: ${issue?.message}` : `the artifact broke its protocol: ${issue?.message}`, { where })
}
