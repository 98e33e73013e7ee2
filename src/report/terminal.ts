import type { HostPacket } from '../contract/host.js'
import type { Ledger, Verdict } from '../contract/verdict.js'
import { surprises } from '../judge/exit-code.js'
import type { ExpectedOf } from '../config/expectations.js'
import type { Paint } from './paint.js'
import { summaryTable } from './summary-table.js'
import { wrapTo } from './width.js'

/** Most cells listed one by one; the rest are in the ledger. */
const LIST_LIMIT = 40

/** What a person reads when a run has ended. */
export function terminalReport(ledger: Ledger, out: string, expectedOf: ExpectedOf, paint: Paint, width = Infinity, missing: readonly string[] = []): string {
  const { run, verdicts } = ledger
  const unexpected = surprises(verdicts, (verdict) => expectedOf(verdict)?.verdict ?? null).map(({ verdict }) => verdict)
  const engines = run.engines.map((engine) => `  ${engine.engine.padEnd(9)} ${engine.engine_product} ${engine.engine_version} (${engine.driver})`)
  return [
    `${run.subject.name} ${run.subject.version}, ${verdicts.length} cells, seed ${run.seed}`,
    ...engines,
    '',
    summaryTable(ledger, paint, width),
    '',
    ...reasons(verdicts, width),
    ...named(verdicts, expectedOf, width),
    ...absent(missing, paint, width),
    ...(unexpected.length > 0 ? listed(unexpected, paint, width) : missing.length > 0 ? [] : [paint.green('Every cell came out as expected.')]),
    `Evidence: ${out}`,
  ].join('\n')
}

function absent(missing: readonly string[], paint: Paint, width: number): string[] {
  if (missing.length === 0) return []
  const rest = missing.length - LIST_LIMIT
  return [paint.red(`${missing.length} planned ${missing.length === 1 ? 'cell has' : 'cells have'} no verdict:`), ...missing.slice(0, LIST_LIMIT).flatMap((cell) => hanging('  ', cell, width)), ...(rest > 0 ? [`  and ${rest} more, in plan.json`] : []), '']
}

/** Why lanes or cells are not direct: each reason once, with the lanes it holds for. */
function reasons(verdicts: Verdict[], width: number): string[] {
  const notDirect = verdicts.filter(({ verdict }) => verdict === 'bridge_only' || verdict === 'unsupported')
  return grouped('Not direct, and why:', notDirect, width, (verdict) => `${verdict.verdict}: ${verdict.unsupported_reason ?? `${verdict.reason_code}, ${verdict.cause?.cause ?? verdict.reason}`}`)
}

/** Cells that the expectations file speaks of and that came out so: said, for they are no parity. */
function named(verdicts: Verdict[], expectedOf: ExpectedOf, width: number): string[] {
  const expected = verdicts.filter((verdict) => expectedOf(verdict)?.verdict === verdict.verdict)
  return grouped('Expected, by the expectations file:', expected, width, (verdict) => `${verdict.verdict} ${verdict.scenario_id}: ${expectedOf(verdict)?.reason ?? ''}`)
}

function grouped(title: string, verdicts: Verdict[], width: number, reasonOf: (verdict: Verdict) => string): string[] {
  const groups = new Map<string, Map<string, number>>()
  for (const verdict of verdicts) {
    const lanes = groups.get(reasonOf(verdict)) ?? new Map<string, number>()
    lanes.set(verdict.lane_id, (lanes.get(verdict.lane_id) ?? 0) + 1)
    groups.set(reasonOf(verdict), lanes)
  }
  if (groups.size === 0) return []
  return [title, ...[...groups].flatMap(([reason, lanes]) => [...hanging('  ', reason, width), ...hanging('    ', [...lanes].map(([lane, count]) => `${lane} (${count})`).join(', '), width)]), '']
}

/** Wrapped, with each line as far in as the first. */
const hanging = (indent: string, text: string, width: number): string[] => wrapTo(text, width - indent.length).map((line) => `${indent}${line}`)

function listed(unexpected: Verdict[], paint: Paint, width: number): string[] {
  const lines = unexpected.slice(0, LIST_LIMIT).flatMap((verdict) => [
    ...reddened(wrapTo(`${verdict.verdict} ${verdict.cell_id} (${verdict.lane_id}): ${verdict.reason}`, width - 2), verdict.verdict, paint),
    `  again: ${verdict.repro_command}`,
  ])
  const rest = unexpected.length - LIST_LIMIT
  return [paint.bold(`${unexpected.length} ${unexpected.length === 1 ? 'cell' : 'cells'} not as expected:`), ...lines, ...(rest > 0 ? [`and ${rest} more, in ledger.ndjson`] : []), '']
}

/** The first line begins with the verdict; a command is never wrapped, so that it can be copied. */
const reddened = ([first = '', ...more]: string[], verdict: string, paint: Paint): string[] => [`${paint.red(verdict)}${first.slice(verdict.length)}`, ...more.map((line) => `  ${line}`)]

/** A line for each realm that was probed. */
export function packetLine(packet: HostPacket): string {
  const cause = packet.admission.cause
  const why = cause === null ? '' : `, ${cause.cause}${'capability' in cause ? ` ${cause.capability}` : ''}${'prerequisite' in cause ? ` ${cause.prerequisite}` : ''}`
  return `${packet.lane_id}: ${packet.support_class}, ${packet.reason_code}${why} (${packet.engine_product} ${packet.engine_version})`
}
