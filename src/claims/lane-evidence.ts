import picomatch from 'picomatch'
import type { Ledger, Verdict } from '../contract/verdict.js'
import type { SurfaceFamily, SupportClass, VerdictToken } from '../contract/vocabulary.js'
import { UNSEEN } from '../judge/exit-code.js'
import type { Realm } from '../../lanes/catalogue.js'

/** The verdict that every cell must have for a support to be claimed. */
const NEEDED: Record<SupportClass, VerdictToken> = { direct: 'parity', bridge_only: 'bridge_only', unsupported: 'unsupported' }

/** The cells of a ledger that speak of a surface in a realm. */
export function cellsOf({ verdicts }: Pick<Ledger, 'verdicts'>, { engine, host_role }: Realm, surface: SurfaceFamily, scenarios?: string): Verdict[] {
  const matches = scenarios === undefined ? () => true : picomatch(scenarios)
  return verdicts.filter((verdict) => verdict.engine === engine && verdict.host_role === host_role && verdict.surface_family === surface && matches(verdict.scenario_id))
}

/** What this machine could not give is no word of what the subject can do. */
const heldBy = ({ verdict, reason_code }: Verdict): VerdictToken | 'not_seen' => (verdict === 'unsupported' && UNSEEN.has(reason_code) ? 'not_seen' : verdict)

/** What a realm's cells hold together; `mixed` when they do not agree, or hold none of the three; null when none of them was seen. */
export function supportOf(cells: readonly Verdict[]): SupportClass | 'mixed' | null {
  const held = cells.map(heldBy)
  if (held.every((one) => one === 'not_seen')) return null
  return (Object.keys(NEEDED) as SupportClass[]).find((support) => held.every((one) => one === NEEDED[support])) ?? 'mixed'
}

/** A realm's cells in a phrase, as in `direct (23 of 23)` or `37 of 42 direct, 5 unsupported`. */
export function phraseOf(cells: readonly Verdict[]): string {
  const support = supportOf(cells)
  if (support === null) return cells.length === 0 ? 'no evidence' : `no evidence (${reasonOf(cells[0]!)})`
  const all = cells.length
  if (support === 'direct') return `direct (${all} of ${all})`
  if (support === 'bridge_only') return `bridge only (${all} of ${all}; ${reasonOf(cells[0]!)})`
  if (support === 'unsupported') return `unsupported (${reasonOf(cells[0]!)})`
  const counts = new Map<ReturnType<typeof heldBy>, number>()
  for (const held of cells.map(heldBy)) counts.set(held, (counts.get(held) ?? 0) + 1)
  const rest = [...counts].filter(([held]) => held !== 'parity').map(([held, count]) => `${count} ${held}`)
  return `${counts.get('parity') ?? 0} of ${all} direct, ${rest.join(', ')}`
}

function reasonOf({ reason_code, cause, unsupported_reason, findings }: Verdict): string {
  const absent = findings.find(({ law }) => law === 'family_absent')
  if (absent !== undefined) return 'the subject has no such family'
  if (cause === null) return unsupported_reason ?? reason_code
  return 'capability' in cause ? `${cause.cause} ${cause.capability}` : 'prerequisite' in cause ? `${cause.cause} ${cause.prerequisite}` : cause.cause
}
