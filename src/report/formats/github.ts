import { VERDICTS, type VerdictToken } from '../../contract/vocabulary.js'
import type { Verdict, VerdictCounts } from '../../contract/verdict.js'
import { standings, type ReportInput } from './report-input.js'

/** GitHub shows ten annotations of a kind a step; the rest stand in the summary. */
const ANNOTATION_LIMIT = 10
/** A job summary may have 1 MiB; this many rows stay far below. */
const ROW_LIMIT = 500

/**
 * Workflow commands, one for each cell that is not as expected: `error` for what fails the run, `warning` for what did better than expected.
 * Source: GitHub Actions, workflow commands.
 */
export function githubAnnotations(input: ReportInput): string {
  const standing = standings(input)
  const unexpected = input.ledger.verdicts.filter((verdict) => standing(verdict).surprise !== null)
  const shown = unexpected.slice(0, ANNOTATION_LIMIT).map((verdict) => {
    const { expected, surprise } = standing(verdict)
    const command = surprise?.how === 'better' ? 'warning' : 'error'
    return `::${command} title=${property(`${verdict.verdict} in ${verdict.lane_id}`)}::${data(`${verdict.scenario_id}: ${verdict.reason} (expected ${expected})\nagain: ${verdict.repro_command}`)}`
  })
  const rest = unexpected.length - shown.length
  return [...shown, ...(rest > 0 ? [`::notice title=lanecheck::${rest} more cells are not as expected, see the job summary`] : [])].map((line) => `${line}\n`).join('')
}

/** A job summary in GitHub's Markdown: engines, lanes × verdicts, and each cell that is not as expected. */
export function githubSummary(input: ReportInput): string {
  const { run, sums, verdicts } = input.ledger
  const { missing = [] } = input
  const standing = standings(input)
  const unexpected = verdicts.filter((verdict) => standing(verdict).surprise !== null)
  const shown = VERDICTS.filter((token) => sums.all[token] > 0)
  return [
    `## lanecheck: ${text(run.subject.name)} ${text(run.subject.version)}`, '',
    unexpected.length === 0 ? `All ${verdicts.length} cells came out as expected.` : `**${unexpected.length} of ${verdicts.length} cells are not as expected.**`, '',
    ...(missing.length === 0 ? [] : [`**${missing.length} planned ${missing.length === 1 ? 'cell has' : 'cells have'} no verdict**, the first is \`${missing[0]}\`.`, '']),
    ...run.engines.map(({ engine, engine_product, engine_version, os }) => `- ${engine}: ${text(engine_product)} ${text(engine_version)}, ${text(os)}`), '',
    ...table(['lane', ...shown], [...Object.entries(sums.by_lane), ['all', sums.all] as const].map(([lane, counts]) => laneRow(lane, counts, shown))), '',
    '`bridge_only` is a downgrade to a server bridge, never parity.', '',
    ...(unexpected.length === 0 ? [] : cells(unexpected, (verdict) => standing(verdict).expected)),
  ].join('\n')
}

const laneRow = (lane: string, counts: VerdictCounts, shown: readonly VerdictToken[]): string[] => [text(lane), ...shown.map((token) => (counts[token] === 0 ? '' : String(counts[token])))]

function cells(unexpected: readonly Verdict[], expected: (verdict: Verdict) => VerdictToken): string[] {
  const rows = unexpected.slice(0, ROW_LIMIT).map((verdict) => [`\`${verdict.scenario_id}\``, text(verdict.lane_id), verdict.verdict, expected(verdict), text(verdict.reason), code(verdict.repro_command)])
  const rest = unexpected.length - rows.length
  return [...table(['scenario', 'lane', 'verdict', 'expected', 'reason', 'again'], rows), ...(rest > 0 ? ['', `and ${rest} more, in ledger.json`] : []), '']
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
/** Text of a table's cell: no markup, no line break, no bar of its own. */
const text = (raw: string): string => raw.replace(/[\\`*_[\]<>|&~#]/g, (char) => `\\${char}`).replace(/\s+/g, ' ')
/** Code in a table's cell, as it is to be typed: in code a backslash escapes nothing but the bar. Source: GFM, tables; CommonMark, code spans. */
function code(raw: string): string {
  const line = raw.replace(/\s+/g, ' ')
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)))
  const pad = /^`|`$|^ .* $/.test(line) ? ' ' : ''
  return `${fence}${pad}${line.replaceAll('|', '\\|')}${pad}${fence}`
}

const data = (raw: string): string => raw.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (raw: string): string => data(raw).replaceAll(':', '%3A').replaceAll(',', '%2C')
