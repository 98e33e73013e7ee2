import { CaptureManifestSchema, LiveRunMetadataSchema } from '../contract/evidence.js'
import type { MatrixRow } from '../contract/matrix-rows.js'
import type { ObservedField } from '../contract/record.js'
import type { Law } from '../contract/verdict.js'
import { TIER_NAMES, type SurfaceFamily, type Tier } from '../contract/vocabulary.js'
import { observability } from '../judge/observability.js'
import { FAILURE_PATTERNS } from '../judge/row-signals.js'
import { scenarioFacts } from '../judge/scenario-facts.js'
import { traceView } from '../judge/trace-view.js'
import { CATALOGUE } from '../scenarios/catalogue.js'
import type { Paint } from './paint.js'
import { ROW_TESTS } from './row-tests.js'
import { wrapped, type RowReport } from './rows.js'

/** One of the ten things that a row must say before it is widened. */
export interface ChecklistItem {
  item: number
  asks: string
  answer: string[]
  /** What is not there yet; the item is filled in when this is empty. */
  missing: string[]
}

/** The widening checklist of a row. */
export interface WideningChecklist {
  surface_family: SurfaceFamily
  /** With an item that is not filled in, widening the row is still planning. */
  state: 'filled_in' | 'planning'
  items: ChecklistItem[]
}

/** Commands that check a change to the contract, by the repository's own scripts. */
export const VALIDATION_COMMANDS = ['npm run typecheck', 'npm run imports', 'npm run schemas -- --check', 'npm test'] as const

/** Laws whose break, seen in every attempt, is a fault of what runs, never of the experiment. */
const SEMANTIC_LAWS: readonly Law[] = ['expectation_lab', 'expectation_live', 'lab_live_agreement', 'witness_agreement', 'order', 'cancellation', 'leak', 'early_timer']

type Filled = Pick<ChecklistItem, 'answer' | 'missing'>

/** The checklist of a row, filled in from what is known of it. */
export function wideningChecklist(report: RowReport): WideningChecklist {
  const { row } = report
  const filled: Array<[asks: string, filled: Filled]> = [
    ['Name the surface_family.', known(row.surface_family)],
    ['Name the phase and runtime_profile.', known(row.phase, row.runtime_profile)],
    ['State the exact virtualization_boundary.', known(row.virtualization_boundary)],
    ['List the minimum T0 unit_contract checks.', withFiles(row.unit_checks, ROW_TESTS[row.surface_family].unit_checks)],
    ['List the minimum T1 golden_fixture outputs.', withFiles(row.golden_fixtures, ROW_TESTS[row.surface_family].golden_fixtures)],
    ['List the exact T2 dual_run_smoke and T3 pilot_surface scripts.', scripts(report)],
    ['List the exact T4 negative_control and T5 stress_nightly expectations.', controls(row)],
    ['Declare the required CaptureManifest and LiveRunMetadata fields.', fields(row)],
    ['Declare which failures are semantic mismatches versus invalid experiments.', failures(report)],
    ['Provide validation commands.', known(...VALIDATION_COMMANDS, ...report.dual_run.filter(({ runs }) => runs).map(({ command }) => command))],
  ]
  const items = filled.map(([asks, answers], index) => ({ item: index + 1, asks, ...answers }))
  return { surface_family: row.surface_family, state: items.every(({ missing }) => missing.length === 0) ? 'filled_in' : 'planning', items }
}

const known = (...answer: string[]): Filled => ({ answer, missing: [] })
const both = (filled: readonly Filled[]): Filled => ({ answer: filled.flatMap(({ answer }) => answer), missing: filled.flatMap(({ missing }) => missing) })

/** What is asked for, with the files that hold it; without any it is missing. */
const heldBy = (title: string, files: readonly string[]): Filled => (files.length > 0 ? known(`${title}: ${files.join(', ')}`) : { answer: [], missing: [`${title}: no file yet`] })
const withFiles = (named: readonly string[], files: Readonly<Record<string, readonly string[]>>): Filled => both(named.map((name) => heldBy(name, files[name] ?? [])))

/** The first command of a row is its smoke run, the second its pilot; what follows serves the row's further demands. */
function scripts({ row, dual_run }: RowReport): Filled {
  const titles = [`T2 ${TIER_NAMES.T2}`, `T3 ${TIER_NAMES.T3}`]
  const commands = dual_run.map(({ command, runs, note }, index): Filled => {
    const line = `${titles[index] ?? 'beside these'}: ${command} (${note})`
    return runs ? known(line) : { answer: [], missing: [line] }
  })
  return both([...commands, heldBy('lane tests', ROW_TESTS[row.surface_family].dual_runs)])
}

function controls({ surface_family, promotion_floor }: MatrixRow): Filled {
  const { negative_controls, stress } = ROW_TESTS[surface_family]
  const tier = (name: Tier, expectation: string, files: readonly string[]): Filled => {
    const title = `${name} ${TIER_NAMES[name]}, ${expectation}`
    return files.length === 0 && !promotion_floor.tiers.includes(name) ? known(`${title}: not in this row's floor`) : heldBy(title, files)
  }
  return both([tier('T4', 'each planted fault gets its required answer', negative_controls), tier('T5', 'the row holds under load and repetition', stress)])
}

function fields({ surface_family }: MatrixRow): Filled {
  const direct = capturedDirectly(surface_family)
  const packets = known(`CaptureManifest: ${Object.keys(CaptureManifestSchema.shape).join(', ')}`, `LiveRunMetadata: ${Object.keys(LiveRunMetadataSchema.shape).join(', ')}`)
  const observed = direct.length > 0 ? known(`observed, where a scenario uses them: ${direct.join(', ')}`) : { answer: [], missing: ['fields to be observed: the row has no scenarios yet'] }
  return both([packets, observed])
}

/** Fields that some scenario of the row wants captured directly: what the judge asks for, here of an empty trace. */
export function capturedDirectly(surface_family: SurfaceFamily): ObservedField[] {
  const asked = CATALOGUE.filter((scenario) => scenario.surface_family === surface_family).flatMap((scenario) => observability(scenario, scenarioFacts(scenario), traceView([]), true))
  return [...new Set(asked.filter(({ required }) => required).map(({ field }) => field))]
}

function failures({ row, invalid_experiments }: RowReport): Filled {
  return known(
    `semantic_mismatch, over the bridge bridge_mismatch: a break of ${SEMANTIC_LAWS.join(', ')}; seen once and not again: irreproducible`,
    ...[...invalid_experiments, ...FAILURE_PATTERNS[row.surface_family]].map(({ signal, judged_as, classification }) => `invalid_experiment: ${signal} (${judged_as}): ${classification}`),
    'policy_violation: scheduler_noise_signal used to erase a hard mismatch',
  )
}

/** The checklist for a person. */
export function checklistText({ surface_family, state, items }: WideningChecklist, paint: Paint): string {
  const lines = items.flatMap(({ item, asks, answer, missing }) => [
    `${String(item).padStart(2)}. ${paint.bold(asks)}`,
    ...answer.flatMap((line) => indented(line)),
    ...missing.flatMap((line) => indented(`missing: ${line}`)).map((line) => paint.yellow(line)),
  ])
  const end = state === 'filled_in' ? paint.green('All ten items are filled in.') : paint.yellow('Items are missing: widening this row is still planning.')
  return [`Widening checklist of ${surface_family}`, '', ...lines, '', end, ''].join('\n')
}

/** Lines that hold a command stay whole, so that it can be copied. */
const indented = (line: string): string[] => (line.includes('npx ') ? [`    ${line}`] : wrapped(line, 112).map((part, index) => `    ${index === 0 ? '' : '  '}${part}`))
