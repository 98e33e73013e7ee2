import type { DowngradeOutcome, DowngradeReport, DowngradeRow } from '../contract/downgrade-report.js'
import { answerText, lanesText, sumText, takenText, toldOf } from './words.js'

/** A text as HTML shows it, inside an element or a quoted attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark]!)
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }

const WORDS: Readonly<Record<DowngradeOutcome, string>> = { ok: 'ok', different: 'different', weak: 'weak', lost: 'lost' }

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b1b1f, #e8e8ec); --soft: light-dark(#55555e, #b4b4bd); --line: light-dark(#c9c9d2, #4a4a55); --page: light-dark(#fff, #16161a);
  --ok: light-dark(#14602b, #86d69c); --different: light-dark(#a3131f, #ff9a9f); --weak: light-dark(#7a4a00, #f0c060); --lost: light-dark(#7a4a00, #f0c060) }
body { margin: 2rem auto; padding: 0 1rem; max-width: 80rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin: 2rem 0 .25rem }
p { margin: .25rem 0 .75rem } .soft { color: var(--soft) } code { font: .9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
.wide { overflow-x: auto } table { border-collapse: collapse } caption { text-align: start; padding: .25rem 0; color: var(--soft) }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top } thead th { border-bottom-width: 2px }
tbody th { font-weight: 500 } a { color: inherit } :focus-visible { outline: 3px solid var(--weak); outline-offset: 2px }
.ok { color: var(--ok) } .different, .weak, .lost { font-weight: 700; text-transform: uppercase } .different { color: var(--different) } .weak, .lost { color: var(--weak) }
summary { cursor: pointer } dt { font-weight: 600; margin-top: .75rem } dd { margin-inline-start: 1rem }
`.trim()

/** The report as one page: no script, nothing loaded from anywhere, light or dark as the reader has it. */
export function downgradeHtml(report: DowngradeReport): string {
  const { subject, engines, interrupted, trials } = report
  const title = `Downgrades of ${subject.name} ${subject.version}`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(sumText(report))}${interrupted ? ' (the run was cut off: what was gathered is here)' : ''}</p>
<p class="soft">${escaped(engines.map(({ engine, engine_product, engine_version }) => `${engine}: ${engine_product} ${engine_version}`).join('; '))}. The subject requires ${escaped(subject.requires.join(', ') || 'nothing')}; it takes ${escaped(subject.host_roles.join(', ') || 'no role')} directly${subject.bridge ? ' and allows a bridge' : ' and allows no bridge'}.</p>
${matrix(report)}
<h2>Trial by trial</h2>
${trials.map((trial) => section(report, trial)).join('\n')}
${notCarried(report)}
</main>
</body>
</html>
`
}

function matrix(report: DowngradeReport): string {
  const lanes = [...new Map(report.rows.map((row) => [`${row.engine}.${row.host_role}`, row])).values()]
  const head = lanes.map(({ engine, host_role }) => `<th scope="col">${engine}<br>${host_role}</th>`).join('')
  const body = report.trials.map(({ id }) => {
    const cells = lanes.map(({ engine, host_role }) => cell(report.rows.find((row) => row.trial === id && row.engine === engine && row.host_role === host_role)))
    return `<tr><th scope="row"><a href="#${escaped(id)}">${escaped(id)}</a></th>${cells.join('')}</tr>`
  })
  return `<div class="wide" role="region" aria-label="All answers" tabindex="0"><table>
<caption>What was given; where it is not what was expected, the cell says so</caption>
<thead><tr><th scope="col">trial</th>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>`
}

function cell(row: DowngradeRow | undefined): string {
  if (row === undefined) return '<td class="soft">not made</td>'
  const given = row.given?.support_class ?? 'no answer'
  return `<td><span class="${row.outcome}">${row.outcome === 'ok' ? '' : `${WORDS[row.outcome]}: `}${given}</span></td>`
}

function section(report: DowngradeReport, trial: DowngradeReport['trials'][number]): string {
  const rows = toldOf(report, trial.id).map(({ rows: lanes, expected, given, outcome }) =>
    `<tr><td>${escaped(lanesText(lanes))}</td><td>${escaped(expected)}</td><td>${escaped(given)}</td><td><span class="${outcome}">${WORDS[outcome]}</span></td></tr>`)
  const odd = report.rows.filter((row) => row.trial === trial.id && row.outcome !== 'ok').map(differences)
  return `<section id="${escaped(trial.id)}">
<h3>${escaped(trial.id)}</h3>
<p>${escaped(trial.title)}. <span class="soft">Taken or asked: ${escaped(takenText(trial))}.</span></p>
<div class="wide" role="region" aria-label="${escaped(trial.id)}" tabindex="0"><table>
<thead><tr><th scope="col">lanes</th><th scope="col">expected</th><th scope="col">given</th><th scope="col">outcome</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>
${odd.join('\n')}${evidence(report.rows.filter((row) => row.trial === trial.id))}
</section>`
}

function differences({ engine, host_role, expected, given, differences: found }: DowngradeRow): string {
  const items = found.map((one) => `<li>${escaped(one.field)}: expected ${escaped(one.expected)}, given ${escaped(one.given)}${one.file === null ? '' : `, in <code>${escaped(one.file)}</code>`}</li>`)
  return `<p><strong>${engine}.${host_role}</strong>: expected ${escaped(answerText(expected))}, given ${escaped(answerText(given))}</p>\n<ul>${items.join('')}</ul>`
}

function evidence(rows: readonly DowngradeRow[]): string {
  const items = rows.flatMap(({ cells }) => cells).map(({ scenario_id, verdict, reason, artifact_bundle, repro_command }) =>
    `<li>${escaped(scenario_id)}: ${escaped(verdict)}, ${escaped(reason)}<br>${artifact_bundle === null ? '' : `<code>${escaped(artifact_bundle)}</code><br>`}<code>${escaped(repro_command)}</code></li>`)
  return `<details><summary>Evidence, and the commands that run it again</summary><ul>${items.join('')}</ul></details>`
}

function notCarried({ not_carried }: DowngradeReport): string {
  const items = not_carried.map(({ id, what, because, instead, law }) => `<dt><code>${id}</code>: ${escaped(what)}</dt><dd>Because: ${escaped(because)}.</dd><dd>Instead: ${escaped(instead)}. <span class="soft">Law: ${escaped(law)}</span></dd>`)
  return `<h2>What no bridged answer says anything of</h2>\n<dl>${items.join('')}</dl>`
}
