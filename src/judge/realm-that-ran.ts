import type { RealmProbe } from '../contract/host.js'
import type { CellEvidence } from './cell-evidence.js'
import { finding, type Finding } from './findings.js'

/** The first attempt whose realm did not prove the role of its cell, or lacked what a direct run was admitted by; null when all did, or nobody says where they ran. */
export function realmFinding({ ran_in, scenario, admission, admitted }: CellEvidence): Finding | null {
  if (ran_in === undefined) return null
  const needed = admission.route === 'direct' ? [...(admitted?.subject.requires ?? []), ...(scenario.needs ?? [])] : []
  return first(ran_in.probes, (probe, attempt) => {
    if (probe?.proven_role !== ran_in.host_role) return finding({ law: 'role_proof', severity: 'break', attempt }, 'proven_role', ran_in.host_role, probe?.proven_role ?? 'no role')
    const missing = needed.find((capability) => !probe.capabilities[capability])
    return missing === undefined ? null : finding({ law: 'admission', severity: 'break', attempt }, `capabilities.${missing}`, true, false)
  })
}

/** Attempts are counted from 1. */
function first(probes: ReadonlyArray<RealmProbe | null>, found: (probe: RealmProbe | null, attempt: number) => Finding | null): Finding | null {
  for (const [at, probe] of probes.entries()) {
    const one = found(probe, at + 1)
    if (one !== null) return one
  }
  return null
}
