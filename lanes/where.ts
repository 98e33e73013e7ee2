import type { PageCondition } from '../src/contract/page-conditions.js'
import type { HostRole } from '../src/contract/vocabulary.js'

/** Where a realm is made: frames are kept on the plain page, so all that needs another one is made in the window's. */
export const placeOf = (role: HostRole, page: PageCondition): 'window' | 'frame' =>
  (role === 'window' || role === 'sandboxed_iframe' || page !== 'plain' ? 'window' : 'frame')
