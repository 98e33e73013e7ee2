import type { AdmissionRule } from '../../contract/admission-rule.js'
import type { CauseDetail } from '../../contract/host.js'
import type { Capability } from '../../contract/vocabulary.js'

const bridged = (cause: CauseDetail | 'any', when?: AdmissionRule['when']): AdmissionRule =>
  ({ ...(when === undefined ? {} : { when }), support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', cause })

/** A subject that does not take the role is asked nothing more. */
const DECLINED = bridged({ cause: 'subject_declines_host_role' }, { subject_takes_role: false })
/** What the subject itself requires and the realm lacks, whatever the scenario is about. */
const REQUIREMENT_MISSING = bridged('any', { requirement_missing: true })
const DIRECT: AdmissionRule = { support_class: 'direct', reason_code: 'admitted_direct', cause: null }

/** Direct, as nothing stands against it. */
export const admittedDirectly: AdmissionRule[] = [DECLINED, REQUIREMENT_MISSING, DIRECT]

/** Direct where the engine has it; where it does not, the engine is named, for the page keeps nothing back. */
export const upToTheEngine = (capability: Capability): AdmissionRule[] =>
  [DECLINED, REQUIREMENT_MISSING, bridged({ cause: 'missing_capability', capability }, { realm_lacks: capability }), DIRECT]

/** Never direct: the page withholds it in every engine, and the page is named. */
export const withheldByPage = (cause: CauseDetail): AdmissionRule[] => [DECLINED, bridged(cause)]

/** Direct for a subject without the requirement that the page withholds. */
export const withheldFrom = (requirement: Capability, cause: CauseDetail): AdmissionRule[] =>
  [DECLINED, bridged(cause, { subject_requires: [requirement] }), REQUIREMENT_MISSING, DIRECT]

export const NO_SECURE_CONTEXT: CauseDetail = { cause: 'prerequisite_missing', prerequisite: 'secure_context' }

/** No page that is not a secure context registers a service worker: there is no such realm, and the page is why. */
export const NO_REALM: AdmissionRule = { support_class: 'unsupported', reason_code: 'realm_unavailable', cause: NO_SECURE_CONTEXT }

export const onInsecurePage = (rules: AdmissionRule[]): AdmissionRule[] => [{ ...NO_REALM, when: { host_role: ['service_worker'] } }, ...rules]
export const NOT_ISOLATED: CauseDetail = { cause: 'prerequisite_missing', prerequisite: 'cross_origin_isolation' }
export const WASM_BLOCKED: CauseDetail = { cause: 'wasm_blocked' }
