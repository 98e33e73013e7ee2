import type { AdmissionCondition, AdmissionRule } from '../contract/admission-rule.js'
import type { Admission, RealmProbe, SubjectDeclaration } from '../contract/host.js'
import type { HostRole } from '../contract/vocabulary.js'
import { finding, type Finding } from './findings.js'

/** Who was to be admitted where. */
export interface Admitted {
  host_role: HostRole
  subject: SubjectDeclaration
  /** Null when the realm could not be had. */
  probe: RealmProbe | null
}

type Expected = Pick<AdmissionRule, 'support_class' | 'reason_code' | 'cause'>

/** What the first rule that holds asks for; null when none does. */
export function expectedAdmission(rules: readonly AdmissionRule[], admitted: Admitted): Expected | null {
  const rule = rules.find(({ when }) => when === undefined || holds(when, admitted))
  if (rule === undefined) return null
  const { support_class, reason_code, cause } = rule
  return support_class === 'bridge_only' && !admitted.subject.bridge ? { support_class: 'unsupported', reason_code: 'unsupported_runtime_context', cause } : { support_class, reason_code, cause }
}

function holds(when: AdmissionCondition, { host_role, subject, probe }: Admitted): boolean {
  const lacks = (capability: keyof RealmProbe['capabilities']): boolean => probe !== null && !probe.capabilities[capability]
  return (when.host_role === undefined || when.host_role.includes(host_role))
    && (when.subject_takes_role === undefined || when.subject_takes_role === subject.host_roles.includes(host_role))
    && (when.subject_requires === undefined || when.subject_requires.every((capability) => subject.requires.includes(capability)))
    && (when.requirement_missing === undefined || when.requirement_missing === subject.requires.some(lacks))
    && (when.realm_lacks === undefined || lacks(when.realm_lacks))
}

/** The difference between the admission found and the one that the scenario asks for; null when there is none. */
export function admissionFinding(rules: readonly AdmissionRule[], admitted: Admitted, found: Admission): Finding | null {
  const expected = expectedAdmission(rules, admitted)
  const { support_class, reason_code } = found
  const cause = expected?.cause === 'any' ? 'any' : found.cause
  const same = expected !== null && expected.support_class === support_class && expected.reason_code === reason_code && JSON.stringify(sorted(expected.cause)) === JSON.stringify(sorted(cause))
  return same ? null : finding({ law: 'admission', severity: 'break', attempt: 0 }, 'admission', expected ?? 'a rule that holds', { support_class, reason_code, cause })
}

const sorted = (cause: Expected['cause']): unknown => (cause === null || cause === 'any' ? cause : Object.entries(cause).sort())
