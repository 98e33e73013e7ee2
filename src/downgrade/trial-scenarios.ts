import type { AdmissionRule } from '../contract/admission-rule.js'
import type { Scenario } from '../contract/scenario.js'
import { scenario } from '../scenarios/build.js'
import { NO_REALM as NO_SERVICE_WORKER } from '../scenarios/browser/rules.js'
import { ECHO, TIMERS } from '../scenarios/browser/work.js'
import { checkScenario } from '../scenarios/validate.js'
import { TRIALS, type Trial } from './trials.js'

/** How every trial's scenarios begin. */
const PREFIX = 'downgrade.'
const WORKS = { timers: TIMERS, echo: ECHO } as const

/** The ids of a trial's scenarios. */
export const scenarioIdsOf = ({ id }: Trial): string[] => Object.keys(WORKS).map((work) => `${PREFIX}${id}.${work}`)

/** The trials' scenarios: two timers, and a message there and back. They are found by their own ids only; `**` does not name them. */
export const TRIAL_SCENARIOS: readonly Scenario[] = TRIALS.flatMap((trial) => Object.entries(WORKS).map(([work, parts]) => checkScenario(scenario({
  id: `${PREFIX}${trial.id}.${work}`,
  title: `${trial.title} (${work})`,
  page: trial.page,
  ...(trial.needs.length === 0 ? {} : { needs: [...trial.needs] }),
  ...(trial.without.length === 0 ? {} : { without: [...trial.without] }),
  host_roles: [...trial.host_roles],
  ...parts,
  expect: { ...parts.expect, admission: admissionOf(trial) },
}), trial.id)))

/** What each cell is held to by itself, whatever the cause; which it must be the oracle alone says. */
function admissionOf(trial: Trial): AdmissionRule[] {
  const downgraded: Pick<AdmissionRule, 'support_class' | 'reason_code' | 'cause'> = { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', cause: 'any' }
  return [
    ...(trial.page === 'insecure' ? [{ ...NO_SERVICE_WORKER, when: { host_role: ['service_worker' as const] } }] : []),
    { ...downgraded, cause: { cause: 'subject_declines_host_role' }, when: { subject_takes_role: false } },
    { ...downgraded, when: { requirement_missing: true } },
    ...trial.needs.map((capability) => ({ ...downgraded, when: { realm_lacks: capability } })),
    { support_class: 'direct', reason_code: 'admitted_direct', cause: null },
  ]
}
