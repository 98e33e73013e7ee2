import { appendFile } from 'node:fs/promises'
import { extname, relative, resolve } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { atomicWrite, outputError } from '../evidence/atomic-write.js'
import { refuseInside } from '../evidence/outside.js'
import { DEFAULT_HTML } from '../report/html/html-report.js'
import { FORMATS, makeReport } from '../report/formats/catalogue.js'
import type { ReportInput } from '../report/formats/report-input.js'
import { paintFor } from '../report/paint.js'
import { terminalReport } from '../report/terminal.js'
import { widthOf } from '../report/width.js'

/** `table` is for people; `github` is annotations and the job summary together, and by itself on where GitHub runs the command. */
export const REPORTERS = ['table', 'github', ...FORMATS] as const
type ReporterName = (typeof REPORTERS)[number]
export interface Reporter { name: ReporterName; file: string | null }

export const REPORTER_HELP = `a report besides the table, to standard output or a file (html: to ${DEFAULT_HTML}): ${REPORTERS.join(', ')}; may be repeated, as in --reporter junit=report.xml`

/** Reads a `--reporter`: a name, or `name=file`. Throws `usage`. */
export function reporterOption(text: string, before: Reporter[] | undefined): Reporter[] {
  const [name = '', ...rest] = text.split('=')
  const file = rest.join('=')
  if (!(REPORTERS as readonly string[]).includes(name)) throw usage(`there is no reporter "${name}"`, `one of: ${REPORTERS.join(', ')}`)
  if (rest.length > 0 && file.trim() === '') throw usage(`${name}= names no file`, `as in --reporter ${name}=report.txt`)
  if (name === 'github' && file !== '') throw usage('github takes no file', 'name github-summary=FILE or github-annotations=FILE')
  // A page is for a browser, not for a terminal.
  return [...(before ?? []), { name: name as ReporterName, file: file !== '' ? file : name === 'html' ? DEFAULT_HTML : null }]
}

/** What the reporters of a command come to: where GitHub runs it, its own is there too; without one for standard output, the table is. Throws `usage`. */
export function chooseReporters(named: readonly Reporter[], folder: string, env: NodeJS.ProcessEnv): Reporter[] {
  const onGithub = env.GITHUB_ACTIONS === 'true' && !named.some(({ name }) => name.startsWith('github'))
  const all: Reporter[] = [...named, ...(onGithub ? [{ name: 'github', file: null } as const] : [])]
  const toOutput = all.filter(({ name, file }) => file === null && name !== 'github' && name !== 'table')
  if (toOutput.length > 1) throw usage(`${toOutput.map(({ name }) => name).join(' and ')} cannot share standard output`, `give all but one a file, as in --reporter ${toOutput[1]?.name ?? 'junit'}=FILE`)
  const files = all.flatMap(({ file }) => (file === null ? [] : [resolve(file)]))
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined) throw usage(`two reports would be written to ${relative('.', twice)}`, 'give each a file of its own')
  for (const file of files) refuseInside(relative('.', file), folder, '--reporter')
  return toOutput.length > 0 || all.some(({ name, file }) => name === 'table' && file === null) ? all : [{ name: 'table', file: null }, ...all]
}

/** Writes all reports; standard output gets its own last. Throws `output_not_writable`, `disk_full`, `evidence_invalid`. */
export async function writeReports(reporters: readonly Reporter[], input: ReportInput, env: NodeJS.ProcessEnv): Promise<void> {
  for (const { name, file } of [...reporters].sort((a, b) => Number(a.file === null) - Number(b.file === null))) {
    if (name === 'table') await put(file, [{ suffix: '', text: `${terminalReport(input.ledger, input.folder, input.expectedOf, paintFor(file === null ? process.stdout : {}), widthOf(file === null ? process.stdout : {}), input.missing)}\n` }])
    else if (name === 'github') await writeGithub(input, env)
    else await put(file, makeReport(name, input))
  }
}

async function writeGithub(input: ReportInput, env: NodeJS.ProcessEnv): Promise<void> {
  await put(null, makeReport('github-annotations', input))
  const summary = env.GITHUB_STEP_SUMMARY
  if (summary === undefined || summary === '') return
  try {
    for (const { text } of makeReport('github-summary', input)) await appendFile(summary, text)
  } catch (error) {
    throw outputError(summary, error)
  }
}

async function put(file: string | null, texts: ReturnType<typeof makeReport>): Promise<void> {
  for (const { suffix, text } of texts) {
    if (file === null) process.stdout.write(text)
    else await atomicWrite(besides(resolve(file), suffix), text)
  }
}

/** `report.json` with `.firefox` is `report.firefox.json`. */
const besides = (file: string, suffix: string): string => `${file.slice(0, file.length - extname(file).length)}${suffix}${extname(file)}`

const usage = (message: string, hint: string): LanecheckError => new LanecheckError('usage', message, { where: '--reporter', hint })
