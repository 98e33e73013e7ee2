import type { OwnClaim, OwnDowngrade } from '../src/contract/own-downgrade.js'
import { alarm } from './alarm.js'
import { injectedHost } from './control.js'
import { messageOf, nameOf } from './interpreter/errors.js'
import { shortText } from './short-text.js'

/** Longest that a subject's own host detection may take, in ms. */
const CLASSIFY_LIMIT_MS = 2_000
const [LONGEST_WORD, LONGEST_ERROR] = [200, 500]

type Module = Record<string, unknown> & { default?: { downgrade?: OwnDowngrade } }

/**
 * What the subject's own host detection says of this realm. Null where there is none, and where it is not asked: the lab and
 * the bridge's worker are no lane. There only a name that is no function's is told of.
 */
export function claimOf(module: Module): Promise<OwnClaim> | null {
  const name = module.default?.downgrade?.classify
  if (typeof name !== 'string') return null
  const classify = module[name]
  if (typeof classify !== 'function') return Promise.resolve({ error: `the module exports no function "${name}"` })
  return injectedHost() === undefined ? asked(classify as () => unknown) : null
}

async function asked(classify: () => unknown): Promise<OwnClaim> {
  const limit = alarm(CLASSIFY_LIMIT_MS)
  const late = limit.rang.then((): OwnClaim => ({ error: `it did not answer within ${CLASSIFY_LIMIT_MS} ms` }))
  try {
    return await Promise.race([Promise.resolve(classify()).then(read), late])
  } catch (error) {
    return { error: shortText(`it threw ${nameOf(error)}: ${messageOf(error)}`, LONGEST_ERROR) }
  } finally {
    limit.cancel()
  }
}

function read(said: unknown): OwnClaim {
  const { support_class, reason_code } = (said ?? {}) as Partial<Record<string, unknown>>
  const words = [support_class, reason_code]
  if (words.every((word): word is string => typeof word === 'string' && word.length <= LONGEST_WORD)) return { support_class: words[0]!, reason_code: words[1]! }
  return { error: 'it did not answer with a support_class and a reason_code that are text' }
}
