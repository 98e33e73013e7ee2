import type { Scenario } from '../contract/scenario.js'
import type { Problem } from './problem.js'

/** A scenario about hosts, or one that asks something of its page or realm, says how realms are to be admitted, whatever the subject and realm. */
export function admissionProblems({ surface_family, page = 'plain', needs = [], without = [], expect: { admission } }: Scenario): Problem[] {
  const path = 'expect.admission'
  if (admission === undefined) {
    const asks = surface_family === 'browser_surface' || page !== 'plain' || needs.length > 0 || without.length > 0
    return asks ? [{ path, message: 'nothing is expected of the admission', hint: 'say how a realm is to be admitted, the last rule without `when`' }] : []
  }
  const last = admission.length - 1
  const always = admission.findIndex(({ when }) => when === undefined)
  if (always === last) return []
  if (always === -1) return [{ path: `${path}[${last}].when`, message: 'no rule holds always', hint: 'add a last rule without `when`' }]
  return [{ path: `${path}[${always + 1}]`, message: 'this rule never decides: the one before it holds always', hint: 'put the rule without `when` last' }]
}
