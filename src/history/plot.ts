import { VERDICTS, type VerdictToken } from '../contract/vocabulary.js'
import { contextChanges, type ContextField } from './context.js'
import { shortId } from './record.js'
import type { HistoryReport, RunCounts } from './show.js'

/** Most runs drawn; the newest are. */
const RUNS = 60
const [WIDTH, LEFT, TOP, HEIGHT] = [760, 48, 34, 220]
const BAR_WIDTH = WIDTH - LEFT - 8

/** A verdict is told by its pattern, its place and its name; its colour comes on top. */
const LOOKS: Record<VerdictToken, { light: string; dark: string; lines: string }> = {
  parity: { light: '#1a7f52', dark: '#3fb984', lines: '' },
  bridge_only: { light: '#b7791f', dark: '#e0a84a', lines: '<path d="M-2 2 2-2M0 8 8 0M6 10 10 6"/>' },
  unsupported: { light: '#6b7280', dark: '#9aa3b2', lines: '<path d="M2 1v2M6 5v2"/>' },
  semantic_mismatch: { light: '#c0262d', dark: '#f2777c', lines: '<path d="M0 0 8 8M8 0 0 8"/>' },
  bridge_mismatch: { light: '#9d2690', dark: '#df84d5', lines: '<path d="M0 2h8M0 6h8"/>' },
  policy_violation: { light: '#5b21b6', dark: '#b197f5', lines: '<path d="M2 0v8M6 0v8"/>' },
  invalid_experiment: { light: '#92400e', dark: '#d99a6c', lines: '<path d="M0 0h4v4H0zM4 4h4v4H4z"/>' },
  irreproducible: { light: '#0e7490', dark: '#5cc5de', lines: '<path d="M0 6 2 2 4 6 6 2 8 6"/>' },
  infrastructure_loss: { light: '#1f2937', dark: '#d1d5db', lines: '<path d="M0 4h8M4 0v8"/>' },
  not_run: { light: '#ffffff', dark: '#14171c', lines: '<path d="M4 3v2"/>' },
}

/** What a letter below a bar says: that this differs from the run before. */
const MARKS: ReadonlyArray<{ letter: string; says: string; fields: readonly ContextField[] }> = [
  { letter: 'E', says: 'engine', fields: ['chromium', 'firefox', 'webkit'] },
  { letter: 'A', says: 'artifact', fields: ['artifact_sha256', 'subject_version'] },
  { letter: 'K', says: 'kit', fields: ['lanecheck_version'] },
]

const style = (of: 'light' | 'dark'): string => VERDICTS.map((verdict) => `.lh .${verdict}{fill:${LOOKS[verdict][of]}}`).join('')
const STYLE = [
  '.lh{font:12px system-ui,sans-serif;color:#1b1f24;background:#fff}.lh text{fill:currentColor}.lh .axis{fill:none;stroke:currentColor;stroke-opacity:.35}.lh .edge{fill:none;stroke:currentColor;stroke-width:.75}',
  '.lh pattern{color:#fff}.lh pattern path{fill:none;stroke:currentColor;stroke-width:1.4}.lh #lh-not_run path{stroke:#6b7280}', style('light'),
  `@media(prefers-color-scheme:dark){.lh{color:#e6e8eb;background:#14171c}.lh pattern{color:#14171c}${style('dark')}}`,
].join('')

/**
 * Verdicts by run over time, as one SVG of its own that may also stand in a page of HTML: a bar a run, a layer a verdict.
 * Ids and classes begin with `lh`.
 */
export function historyPlot({ subject, runs: all }: Pick<HistoryReport, 'subject' | 'runs'>): string {
  const runs = all.slice(-RUNS)
  const used = VERDICTS.filter((verdict) => runs.some(({ verdicts }) => verdicts[verdict] !== undefined))
  const most = Math.max(1, ...runs.map(total))
  const step = Math.min(40, BAR_WIDTH / Math.max(1, runs.length))
  const bottom = TOP + HEIGHT
  const bars = runs.map((run, index) => bar(run, LEFT + index * step, step, most, marksOf(run, all[all.length - runs.length + index - 1])))
  const last = runs.at(-1)
  const legend = used.map((verdict, index) => {
    const [x, y] = [LEFT + (index % 4) * 178, bottom + 66 + Math.floor(index / 4) * 20]
    return `<g>${layer(verdict, x, y - 10, 14, 12)}<text x="${x + 20}" y="${y}">${verdict} ${last?.verdicts[verdict] ?? 0}</text></g>`
  })
  const height = bottom + 66 + Math.ceil(used.length / 4) * 20
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="lh" role="img" aria-labelledby="lh-title lh-desc" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<title id="lh-title">${text(`${subject}: verdicts of ${runs.length === all.length ? 'all' : 'the last'} ${runs.length} runs`)}</title>`,
    `<desc id="lh-desc">${text(described(runs))}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs>${used.filter((verdict) => LOOKS[verdict].lines !== '').map((verdict) => `<pattern id="lh-${verdict}" width="8" height="8" patternUnits="userSpaceOnUse">${LOOKS[verdict].lines}</pattern>`).join('')}</defs>`,
    `<text x="${LEFT}" y="18">${text(`${subject}: cells by verdict, a bar a run`)}</text>`,
    ...[0, most].map((value) => `<text x="${LEFT - 8}" y="${yOf(value, most) + 4}" text-anchor="end">${value}</text>`),
    `<path class="axis" d="M${LEFT} ${TOP}V${bottom}H${LEFT + BAR_WIDTH}"/>`,
    ...bars,
    `<text x="${LEFT}" y="${bottom + 32}">${text(dayOf(runs[0]))}</text>`,
    runs.length < 2 ? '' : `<text x="${LEFT + runs.length * step}" y="${bottom + 32}" text-anchor="${runs.length * step < 170 ? 'start' : 'end'}">${text(dayOf(last))}</text>`,
    `<text x="${LEFT}" y="${bottom + 48}">below a bar: ${MARKS.map(({ letter, says }) => `${letter} another ${says}`).join(', ')} than in the run before; counts: the last run</text>`,
    ...legend,
    '</svg>', '',
  ].join('\n')
}

function bar(run: RunCounts, x: number, step: number, most: number, marks: readonly string[]): string {
  const width = Math.max(1, step - (step > 6 ? 3 : 1))
  let below = 0
  const layers = VERDICTS.flatMap((verdict) => {
    const count = run.verdicts[verdict] ?? 0
    if (count === 0) return []
    // A single cell among thousands must not vanish.
    const height = Math.max(1.5, (count / most) * HEIGHT)
    below += count
    return [layer(verdict, x, yOf(below, most), width, height)]
  })
  const bottom = TOP + HEIGHT
  const letters = marks.map((mark, index) => `<text x="${n(x + width / 2)}" y="${bottom + 12 + index * 10}" font-size="9" text-anchor="middle">${mark}</text>`)
  return `<g><title>${text(`${run.started_at} ${shortId(run.id)}: ${countsText(run)}`)}</title>${layers.join('')}${letters.join('')}</g>`
}

function layer(verdict: VerdictToken, x: number, y: number, width: number, height: number): string {
  const box = `x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"`
  return `<rect class="${verdict}" ${box}/>${LOOKS[verdict].lines === '' ? '' : `<rect fill="url(#lh-${verdict})" ${box}/>`}<rect class="edge" ${box}/>`
}

function described(runs: readonly RunCounts[]): string {
  const [first, last] = [runs[0], runs.at(-1)]
  if (first === undefined || last === undefined) return 'No runs.'
  return `From ${first.started_at}: ${countsText(first)}. To ${last.started_at}: ${countsText(last)}.`
}

const countsText = ({ verdicts }: RunCounts): string => VERDICTS.flatMap((verdict) => (verdicts[verdict] === undefined ? [] : [`${verdicts[verdict]} ${verdict}`])).join(', ')
const marksOf = (run: RunCounts, before: RunCounts | undefined): string[] => {
  if (before === undefined) return []
  const changed = contextChanges(before, run).map(({ field }) => field)
  return MARKS.filter(({ fields }) => fields.some((field) => changed.includes(field))).map(({ letter }) => letter)
}
const total = ({ verdicts }: RunCounts): number => VERDICTS.reduce((sum, verdict) => sum + (verdicts[verdict] ?? 0), 0)
const yOf = (value: number, most: number): number => TOP + HEIGHT - (value / most) * HEIGHT
const n = (value: number): string => String(Number(value.toFixed(2)))
const dayOf = (run: RunCounts | undefined): string => run?.started_at.slice(0, 10) ?? ''
const text = (raw: string): string => raw.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
