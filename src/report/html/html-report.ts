import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LanecheckError } from '../../contract/errors.js'
import type { Ledger } from '../../contract/verdict.js'
import { VERDICTS } from '../../contract/vocabulary.js'
import { packageRoot } from '../../package-root.js'
import type { ReportInput } from '../formats/report-input.js'
import { embed } from './embed.js'

/** Where the page goes when nobody says. */
export const DEFAULT_HTML = 'lanecheck-report.html'

/** What the built page leaves open. */
const PLACES = ['title', 'noscript', 'data'] as const
const PLACE = new RegExp(`<!--lanecheck:(${PLACES.join('|')})-->`, 'g')

/** The built page without a run, as `scripts/build.mjs` left it. Throws `internal` when the package has none. */
export function readTemplate(): string {
  const path = join(packageRoot(), 'dist', 'report', 'template.html')
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new LanecheckError('internal', 'the page of the HTML report was not built', { where: 'dist/report/template.html', hint: 'in a clone: npm run build', cause: error })
  }
}

/** A run as one page that needs nothing beside itself. `template` has a place each for title, noscript and data. Throws `evidence_invalid`, `internal`. */
export function htmlReport(input: ReportInput, template: string = readTemplate()): string {
  const { index, chunks } = embed(input)
  const { subject } = input.ledger.run
  const parts = {
    title: escapeText(`lanecheck: ${subject.name} ${subject.version}`),
    noscript: escapeText(sumsText(input.ledger)),
    data: [
      `<script type="application/json" id="lanecheck-index">${inScript(JSON.stringify(index))}</script>`,
      ...chunks.map((chunk, number) => `<script type="text/plain" id="lanecheck-chunk-${number}">${chunk}</script>`),
    ].join('\n'),
  }
  const filled = new Set<string>()
  const page = template.replace(PLACE, (_, place: (typeof PLACES)[number]) => {
    filled.add(place)
    return parts[place]
  })
  const missing = PLACES.filter((place) => !filled.has(place))
  if (missing.length > 0) throw new LanecheckError('internal', `the page of the HTML report has no place for ${missing.join(', ')}`, { where: 'dist/report/template.html' })
  return page
}

/** The sums in a sentence, for a reader without scripts. */
export function sumsText({ run, sums, verdicts }: Pick<Ledger, 'run' | 'sums' | 'verdicts'>): string {
  const counts = VERDICTS.filter((token) => sums.all[token] > 0).map((token) => `${sums.all[token]} ${token}`)
  return `${run.subject.name} ${run.subject.version}, ${verdicts.length} cells: ${counts.length === 0 ? 'none judged' : counts.join(', ')}. bridge_only is a downgrade to a server bridge, never parity.`
}

/** JSON for a script element: no `<` is left that could end it or begin a comment. Source: HTML, 4.12.1.3. */
const inScript = (json: string): string => json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
