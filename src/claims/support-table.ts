import { z } from 'zod'
import { MATRIX_HOST_ROLES, SURFACE_FAMILIES, SurfaceFamilySchema } from '../contract/vocabulary.js'
import type { Ledger } from '../contract/verdict.js'
import { cellsOf, phraseOf } from './lane-evidence.js'

/** What a table's marker asks for, as in `subject="reference" surface="timer_surface"`. */
const TableRequestSchema = z.strictObject({ subject: z.string().min(1), surface: SurfaceFamilySchema, scenarios: z.string().min(1).optional() })
export type TableRequest = z.infer<typeof TableRequestSchema>

/** Reads the attributes of a marker; a text says what is wrong. */
export function parseTableRequest(attributes: string): TableRequest | string {
  const given = Object.fromEntries([...attributes.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  const rest = attributes.replace(/([a-z_]+)="([^"]*)"/g, '').trim()
  if (rest !== '') return `cannot read "${rest}"; attributes are name="value"`
  const parsed = TableRequestSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return `${issue?.path.join('.') || 'the marker'}: ${issue?.message ?? ''}; want subject="…" surface="one of ${SURFACE_FAMILIES.join(', ')}"`
}

/** A surface's support by host role and engine, as Markdown; the same text for the same ledger, whenever it is made. */
export function supportTable({ surface, scenarios }: TableRequest, ledger: Ledger): string {
  const { run } = ledger
  const head = ['', ...run.engines.map(({ engine_product, engine_version }) => `${engine_product} ${engine_version}`)]
  const rows = MATRIX_HOST_ROLES.map((host_role) => [`\`${host_role}\``, ...run.engines.map(({ engine }) => phraseOf(cellsOf(ledger, { engine, host_role }, surface, scenarios)).replaceAll('|', '\\|'))])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const what = `${run.subject.name} ${run.subject.version}, ${surface}${scenarios === undefined ? '' : ` (${scenarios})`}`
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '', `${what}, run ${run.run_id}; a cell is a scenario, and \`bridge only\` is a downgrade to a server bridge, not parity.`].join('\n')
}
