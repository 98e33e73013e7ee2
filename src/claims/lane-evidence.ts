import picomatch from 'picomatch'
import type { Ledger, Verdict } from '../contract/verdict.js'
import type { SurfaceFamily, SupportClass, VerdictToken } from '../contract/vocabulary.js'
import type { Realm } from '../../lanes/catalogue.js'

/** The verdict that every cell must have for a support to be claimed. */
const NEEDED: Record<SupportClass, VerdictToken> = { direct: 'parity', bridge_only: 'bridge_only', unsupported: 'unsupported' }

/** The cells of a ledger that speak of a surface in a realm. */
export function cellsOf({ verdicts }: Pick<Ledger, 'verdicts'>, { engine, host_role }: Realm, surface: SurfaceFamily, scenarios?: string): Verdict[] {
  const matches = scenarios === undefined ? () => true : picomatch(scenarios)
  return verdicts.filter((verdict) => verdict.engine === engine && verdict.host_role === host_role && verdict.surface_family === surface && matches(verdict.scenario_id))
}

/** What a realm's cells hold together; `mixed` when they do not agree, or hold none of the three. */
export function supportOf(cells: readonly Verdict[]): SupportClass | 'mixed' | null {
  if (cells.length === 0) return null
  return (Object.keys(NEEDED) as SupportClass[]).find((support) => cells.every(({ verdict }) => verdict === NEEDED[support])) ?? 'mixed'
}

/** A realm's cells in a phrase, as in `direct (23 of 23)` or `37 of 42 direct, 5 unsupported`. */
export function phraseOf(cells: readonly Verdict[]): string {
  const support = supportOf(cells)
  if (support === null) return 'no evidence'
  const all = cells.length
  if (support === 'direct') return `direct (${all} of ${all})`
  if (support === 'bridge_only') return `bridge only (${all} of ${all}; ${reasonOf(cells[0]!)})`
  if (support === 'unsupported') return `unsupported (${reasonOf(cells[0]!)})`
  const counts = new Map<VerdictToken, number>()
  for (const { verdict } of cells) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  const rest = [...counts].filter(([verdict]) => verdict !== 'parity').map(([verdict, count]) => `${count} ${verdict}`)
  return `${counts.get('parity') ?? 0} of ${all} direct, ${rest.join(', ')}`
}

function reasonOf({ reason_code, cause, unsupported_reason, findings }: Verdict): string {
  const absent = findings.find(({ law }) => law === 'family_absent')
  if (absent !== undefined) return 'the subject has no such family'
  if (cause === null) return unsupported_reason ?? reason_code
  return 'capability' in cause ? `${cause.cause} ${cause.capability}` : 'prerequisite' in cause ? `${cause.cause} ${cause.prerequisite}` : cause.cause
}
