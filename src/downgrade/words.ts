import type { DowngradeAnswer, DowngradeReport, DowngradeRow } from '../contract/downgrade-report.js'
import { causeText } from './compare.js'

/** An answer in one line, in the contract's words: how it is admitted, why, by what it is carried, and the verdict where that is another. */
export function answerText(answer: DowngradeAnswer | null): string {
  if (answer === null) return 'no answer'
  const { support_class, reason_code, cause, carrier, verdict } = answer
  const reason = support_class === 'unsupported' ? `, ${reason_code}` : ''
  const why = cause === null ? '' : `: ${causeText(cause)}`
  const by = carrier === null ? '' : `, by ${carrier}`
  return `${support_class}${reason}${why}${by}${verdict === USUAL[support_class] ? '' : `, ${verdict}`}`
}

const USUAL = { direct: 'parity', bridge_only: 'bridge_only', unsupported: 'unsupported' } as const

/** Rows of a trial that say the same. */
export interface Told { expected: string; given: string; outcome: DowngradeRow['outcome']; rows: readonly DowngradeRow[] }

/** The rows of a trial, those together that were asked the same and answered the same; what is not ok first. */
export function toldOf(report: Pick<DowngradeReport, 'rows'>, trial: string): Told[] {
  const groups = new Map<string, DowngradeRow[]>()
  for (const row of report.rows.filter((one) => one.trial === trial)) {
    const key = JSON.stringify([answerText(row.expected), answerText(row.given), row.outcome])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const told = [...groups.values()].map((rows): Told => ({ expected: answerText(rows[0]!.expected), given: answerText(rows[0]!.given), outcome: rows[0]!.outcome, rows }))
  return told.sort((one, other) => Number(one.outcome === 'ok') - Number(other.outcome === 'ok'))
}

/** Lanes in few words: roles once for all engines that have the same. */
export function lanesText(rows: readonly DowngradeRow[]): string {
  const byRoles = new Map<string, string[]>()
  for (const engine of new Set(rows.map((row) => row.engine))) {
    const roles = rows.filter((row) => row.engine === engine).map(({ host_role }) => host_role).join(', ')
    byRoles.set(roles, [...(byRoles.get(roles) ?? []), engine])
  }
  return [...byRoles].map(([roles, engines]) => `${engines.join(', ')}: ${roles}`).join('; ')
}

/** What a trial takes away and asks for, in few words. */
export function takenText({ page, without, needs }: DowngradeReport['trials'][number]): string {
  const parts = [page === 'plain' ? [] : [`${page} page`], without.length === 0 ? [] : [`without ${without.join(', ')}`], needs.length === 0 ? [] : [`needs ${needs.join(', ')}`]].flat()
  return parts.length === 0 ? 'nothing' : parts.join('; ')
}

/** Counts in one line, as in `92 answers to 23 trials: 91 ok, 1 different`. */
export function sumText({ rows, trials, sums }: DowngradeReport): string {
  const told = (Object.entries(sums) as Array<[DowngradeRow['outcome'], number]>).filter(([outcome, count]) => count > 0 || outcome === 'ok').map(([outcome, count]) => `${count} ${outcome}`)
  return `${rows.length} answers to ${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}: ${told.join(', ')}`
}
