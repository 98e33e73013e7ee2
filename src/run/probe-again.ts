import type { InfrastructureLoss } from '../contract/evidence.js'
import { placeOf } from '../../lanes/where.js'
import type { ProbeRealm } from './admit.js'

/** Losses of a realm before it said hello, with its engine still there. */
const NOT_HAD: ReadonlySet<InfrastructureLoss['what']> = new Set(['realm_not_started', 'realm_silent', 'realm_crashed'])

/** Probes a realm that a page load makes a second time, once, when it was not had: WebKit now and then cancels the load that changes a page's process. */
export const probeAgain = (probe: ProbeRealm): ProbeRealm => async (asked, what) => {
  const first = await probe(asked, what)
  const by_navigation = placeOf(asked.role, asked.page) === 'window'
  const had = first.probe !== null || !NOT_HAD.has(first.infrastructure?.what ?? 'interrupted')
  return by_navigation && !had ? await probe(asked, what) : first
}
