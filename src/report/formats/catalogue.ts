import { ENGINES } from '../../contract/vocabulary.js'
import { githubAnnotations, githubSummary } from './github.js'
import { harReport } from './har.js'
import { htmlReport } from '../html/html-report.js'
import { junitReport } from './junit.js'
import type { ReportInput } from './report-input.js'
import { wptReport } from './wptreport.js'

/** One text that a format makes of a run; `suffix` tells several of one format apart. */
export interface ReportText { suffix: string; text: string }

/** The formats machines read, and the page; `table` is the command line's own. */
export const FORMATS = ['html', 'json', 'ndjson', 'junit', 'wptreport', 'har', 'github-annotations', 'github-summary'] as const
export type Format = (typeof FORMATS)[number]

const one = (text: string): ReportText[] => [{ suffix: '', text }]
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Makes a run's report in a format; more than one text where the format holds one engine only. Throws `evidence_invalid` when a bundle it needs cannot be read, `internal` when the page was not built. */
export function makeReport(format: Format, input: ReportInput): ReportText[] {
  switch (format) {
    case 'html': return one(htmlReport(input))
    case 'json': return one(json(input.ledger))
    case 'ndjson': return one(input.ledger.verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join(''))
    case 'junit': return one(junitReport(input))
    case 'har': return one(json(harReport(input)))
    case 'github-annotations': return one(githubAnnotations(input))
    case 'github-summary': return one(githubSummary(input))
    case 'wptreport': {
      const ran = ENGINES.filter((engine) => input.ledger.verdicts.some((verdict) => verdict.engine === engine))
      return ran.map((engine) => ({ suffix: ran.length === 1 ? '' : `.${engine}`, text: json(wptReport(input, engine)) }))
    }
  }
}
