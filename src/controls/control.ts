import type { BridgeFault } from '../../bridge/faults.js'
import type { Finding, Law } from '../contract/verdict.js'
import type { HostRole, SurfaceFamily, VerdictToken } from '../contract/vocabulary.js'
import { oneLine } from '../judge/findings.js'
import type { Bench } from './bench.js'

/** Where a fault can be planted. `report`: what somebody says of a cell. `session`: a run of an engine. */
export const PLACES = ['subject', 'recorder', 'peer', 'clock', 'manifest', 'host_packet', 'bridge_log', 'ledger', 'report', 'session'] as const
export type Place = (typeof PLACES)[number]

/** The contract's table "what happened | answer", by a word for each of its rows. */
export const CONTRACT_TABLE = [
  'timer_report_incomplete', 'wall_clock_only', 'outside_reached', 'transport_bundle_incomplete', 'changed_without_evidence', 'browser_row_incomplete', 'bridge_taken_for_parity',
  'noise_erases_mismatch', 'opaque_host_claim', 'peer_or_capture_missing',
] as const
export type TableRow = (typeof CONTRACT_TABLE)[number]

interface ControlParts {
  /** `<place>.<fault>` */
  id: string
  law: Law
  place: Place
  row: SurfaceFamily
  /** One line: what is wrong. */
  fault: string
  /** The answer that the contract asks for. */
  required: string
  /** The row of the contract's table that it stands for. */
  table?: TableRow
}

/** Planted in records of a real lab run, or in an evidence folder made of them: needs no engine. */
export interface OfflineControl extends ControlParts {
  live: false
  given(bench: Bench): string | Promise<string>
}

/** Live runs, each of one faulty part; `canaries`: sessions whose canaries are sent out without their faults; `bridge`: a faulty server of the bridge, a fault for each scenario. */
export type LiveRun = 'broken-everywhere' | 'broken-live' | 'unsteady' | 'reaches-outside' | 'loses-realms' | 'partial' | 'without-recorder' | 'canaries' | 'bridge'

/** Planted in what runs in a real engine. */
export interface LiveControl extends ControlParts {
  live: true
  run: LiveRun
  role: HostRole
  scenario: string
  /** Of the run `bridge`: what is wrong with the server when this cell comes. */
  bridge_fault?: BridgeFault
  /** Where the answer is read: the cell's verdict, the realm's host packet, or a canary of the first session. */
  read: 'verdict' | 'packet' | 'canary'
}
export type Control = OfflineControl | LiveControl

/** What `offline` and `live` lists leave to the list. */
export const offline = (control: Omit<OfflineControl, 'live'>): OfflineControl => ({ live: false, ...control })

type Judged = { verdict: VerdictToken; eligibility_verdict: string; reason: string; findings: readonly Finding[] }

/** A judgement as an answer: verdict, eligibility, and the law that decided. */
export const verdictAnswer = (judged: Judged): string => `${judged.verdict}, ${judged.eligibility_verdict}${judged.verdict === 'parity' || judged.verdict === 'bridge_only' ? '' : `, by ${decidingLaw(judged)}`}`

/** Laws that decide without their finding being repeated in the reason. */
const BY_VERDICT: Partial<Record<VerdictToken, readonly Law[]>> = {
  infrastructure_loss: ['infrastructure'], not_run: ['infrastructure'], irreproducible: ['reproducibility'], unsupported: ['family_absent', 'role_proof', 'admission'],
  invalid_experiment: ['bridge_handshake'], policy_violation: ['noise_may_not_erase', 'scope_red_line'],
}

function decidingLaw({ verdict, reason, findings }: Judged): Law | 'no law' {
  const own = BY_VERDICT[verdict] ?? []
  const named = findings.find(({ law }) => own.includes(law))
  return (named ?? findings.find((finding) => reason.endsWith(oneLine(finding))))?.law ?? 'no law'
}
