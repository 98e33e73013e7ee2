/** The least share of mutants, in percent, that the tests must find, of each part and of all. */
const FLOOR = 90
const FOUND = ['Killed', 'Timeout']
const LEFT = ['Survived', 'NoCoverage']

/**
 * `docs/mutation.md`, and what keeps it from being enough.
 * `reports`: of each run its part and Stryker's files. `absent`: runs of which there is none. `survivors`: explanations, `[{ file, code, becomes, why }]`.
 */
export function mutationReport({ parts, reports, survivors, absent = [] }) {
  const mutants = reports.flatMap(({ part, files }) => Object.entries(files).flatMap(([file, { source, mutants: all }]) => all.map((mutant) => ({ part, file, ...mutant, code: codeAt(source, mutant.location) }))))
  const left = mutants.filter(({ status }) => LEFT.includes(status)).map((mutant) => ({ ...mutant, why: whyOf(mutant, survivors) }))
  const rows = [['all', mutants], ...parts.map((part) => [part, mutants.filter((mutant) => mutant.part === part)])]
  const files = [...new Set(mutants.map(({ file }) => file))].sort()
  const failed = [
    ...absent.map((name) => `${name}: not run`),
    ...rows.filter(([, some]) => some.length === 0 || scoreOf(some) < FLOOR).map(([name, some]) => `${name}: ${some.length === 0 ? 'not run' : `${scoreOf(some).toFixed(1)} %, under ${FLOOR} %`}`),
    ...(left.some(({ why }) => why === null) ? [`${left.filter(({ why }) => why === null).length} survivors are not explained in scripts/mutation-survivors.json`] : []),
  ]
  return {
    failed,
    text: [
      '# Mutation testing', '',
      'Stryker changes the code that judges, one small thing at a time, and runs the tests of that code against each change. A mutant is found when a test fails, or when the tests no longer end; one that survives is a change that no test notices. `npm run mutation` does this again, taking from its last run what has not changed since, writes this page, and fails under 90 %, of all and of each part, or when a survivor is not explained. What runs when a module loads (static) needs every test for each change; with `--no-static` it is left out, counted, and no part of the score.', '',
      ...table(['part', 'score', 'mutants', 'found', 'of these by time', 'survived', 'not covered', 'static, not run'], rows.map(line)), '',
      ...(absent.length === 0 ? [] : [`Not run, and in none of these numbers: ${absent.join(', ')}.`, '']),
      '## By file', '',
      ...table(['file', 'score', 'mutants', 'found', 'of these by time', 'survived', 'not covered', 'static, not run'], files.map((file) => line([`\`${file}\``, mutants.filter((mutant) => mutant.file === file)]))), '',
      '## Survivors', '',
      ...(left.length === 0 ? ['None.'] : table(['where', 'code', 'becomes', 'why it is left'], left.map(({ file, location, code, replacement, why }) =>
        [`${file.replace(/^src\//, '')}:${location.start.line}`, quoted(code), quoted(replacement ?? ''), why ?? 'not explained yet']))),
      '',
    ].join('\n'),
  }
}

const scoreOf = (mutants) => (100 * mutants.filter(({ status }) => FOUND.includes(status)).length) / Math.max(1, mutants.filter(({ status }) => [...FOUND, ...LEFT].includes(status)).length)

function line([name, mutants]) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length
  if (mutants.length === 0) return [name, 'not run', '', '', '', '', '', '']
  return [name, `${scoreOf(mutants).toFixed(1)} %`, count(...FOUND, ...LEFT), count(...FOUND), count('Timeout'), count('Survived'), count('NoCoverage'), count('Ignored')]
}

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)

/** An explanation holds for the same change of the same code, wherever in the file that has moved to. */
const whyOf = ({ file, code, replacement }, survivors) =>
  survivors.find((one) => one.file === file && plain(one.code) === plain(code) && (one.becomes === undefined || plain(one.becomes) === plain(replacement ?? '')))?.why ?? null

const plain = (text) => text.replace(/\s+/g, ' ').trim()

function codeAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join('\n')
}

const SHOWN = 90
function quoted(code) {
  const text = plain(code).replaceAll('|', '\\|')
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  return short === '' ? 'nothing' : short.includes('`') ? `\`\` ${short} \`\`` : `\`${short}\``
}
