import type { Admission, CauseDetail, RealmProbe, SubjectDeclaration } from '../src/contract/host.js'
import type { PageFacts } from '../src/contract/page-conditions.js'
import type { Capability, HostRole, ReasonCode } from '../src/contract/vocabulary.js'

export interface LadderInput {
  /** Null when the realm could not be had. */
  realm: RealmProbe | null
  wanted_role: HostRole
  subject: SubjectDeclaration
  /** What is asked for beside what the subject requires. */
  needs?: readonly Capability[]
  page: PageFacts
  bridge: 'not_tried' | 'completed' | 'unreachable'
}

/** The ladder's answer for a realm and a subject: the first rung that holds. `needs_bridge` asks for a handshake to be tried first. */
export function climb({ realm, wanted_role, subject, needs = [], page, bridge }: LadderInput): Admission | { needs_bridge: true } {
  // 1. The realm cannot be had, or its role cannot be proven.
  if (realm === null || realm.proven_role !== wanted_role) return unsupported('realm_unavailable', realm === null ? whyNoRealm(wanted_role, page) : null)
  // 2. The subject takes this role and all it requires is there.
  const cause = obstacle(realm, wanted_role, subject, [...subject.requires, ...needs], page)
  if (cause === null) return { support_class: 'direct', reason_code: 'admitted_direct', route: 'direct', cause: null, bridge_handshake: false }
  // 5. The subject allows no bridge.
  if (!subject.bridge) return unsupported('unsupported_runtime_context', cause)
  if (bridge === 'not_tried') return { needs_bridge: true }
  // 3. The handshake succeeded. 4. The bridge cannot be reached.
  return bridge === 'completed'
    ? { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', route: 'bridge', cause, bridge_handshake: true }
    : unsupported('bridge_unreachable', cause)
}

const unsupported = (reason_code: ReasonCode, cause: CauseDetail | null): Admission =>
  ({ support_class: 'unsupported', reason_code, route: 'none', cause, bridge_handshake: false })

/** No engine registers a service worker for a page that is not a secure context. */
const whyNoRealm = (role: HostRole, page: PageFacts): CauseDetail | null =>
  (role === 'service_worker' && !page.secure_context ? { cause: 'prerequisite_missing', prerequisite: 'secure_context' } : null)

/** Why the subject cannot run here directly; its own refusal comes first, then what the page keeps from it, then the first thing that the engine lacks. */
function obstacle(realm: RealmProbe, role: HostRole, subject: SubjectDeclaration, wanted: readonly Capability[], page: PageFacts): CauseDetail | null {
  if (!subject.host_roles.includes(role)) return { cause: 'subject_declines_host_role' }
  const causes = wanted.filter((capability) => !realm.capabilities[capability]).map((capability) => whyMissing(capability, realm, page))
  return causes.find(({ cause }) => cause !== 'missing_capability') ?? causes[0] ?? null
}

/** Hidden by every engine from a page that is not a secure context. */
const SECURE_CONTEXT_ONLY: ReadonlySet<Capability> = new Set<Capability>(['crypto_subtle', 'opfs', 'webtransport', 'websocket_stream'])

function whyMissing(capability: Capability, realm: RealmProbe, page: PageFacts): CauseDetail {
  if (capability === 'webassembly' && realm.wasm_blocked) return { cause: 'wasm_blocked' }
  if (capability === 'shared_array_buffer' && !page.cross_origin_isolated) return { cause: 'prerequisite_missing', prerequisite: 'cross_origin_isolation' }
  if (SECURE_CONTEXT_ONLY.has(capability) && !page.secure_context) return { cause: 'prerequisite_missing', prerequisite: 'secure_context' }
  return { cause: 'missing_capability', capability }
}

/** Differences between what the subject says of its host and what the probe proved, one line each. */
export function hostFindings(subject: SubjectDeclaration, probe: RealmProbe): string[] {
  const said = subject.classification
  if (said === null) return []
  const findings: string[] = []
  if (said.host_role !== probe.proven_role) findings.push(`the subject calls its host ${said.host_role}; the probe proved ${probe.proven_role ?? 'no role'}`)
  const takes = probe.proven_role !== null && subject.host_roles.includes(probe.proven_role)
  const missing = subject.requires.filter((capability) => !probe.capabilities[capability])
  if (said.supported && !takes) findings.push(`the subject calls its host supported; it does not list ${probe.proven_role ?? 'an unproven role'} among its host roles`)
  if (said.supported && missing.length > 0) findings.push(`the subject calls its host supported; the realm lacks ${missing.join(', ')}`)
  if (!said.supported && takes && missing.length === 0) findings.push('the subject calls its host unsupported; it lists the role, and all it requires is there')
  return findings
}
