import { NOT_CARRIED, NOT_CARRIED_STATEMENTS } from '../contract/not-carried.js'
import { MATRIX_HOST_ROLES } from '../contract/vocabulary.js'
import { GOES_WITH, NO_REALM, WITHHELD_BY_PAGE } from './expected.js'
import type { Trial } from './trials.js'

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ')

/** The trials as a table of Markdown. */
export function trialsList(trials: readonly Trial[]): string {
  const rows = trials.map(({ id, title, page, without, needs, host_roles, carrier }) =>
    `| \`${id}\` | ${title} | ${page === 'plain' ? '' : `\`${page}\``} | ${code(without)} | ${code(needs)} | ${host_roles === MATRIX_HOST_ROLES ? '' : code(host_roles)} | \`${carrier}\` |`)
  return ['| trial | what it is | page | taken | needed beside | roles | carries a bridge |', '|---|---|---|---|---|---|---|', ...rows].join('\n')
}

/** What goes with each global, and what each page withholds: the data that expectations come from. */
export function lossesList(): string {
  const globals = Object.entries(GOES_WITH).map(([name, capabilities]) => `| \`${name}\` is taken | ${code(capabilities)} | \`missing_capability\` |`)
  const pages = Object.entries(WITHHELD_BY_PAGE).flatMap(([page, withheld]) => {
    const causes = new Map<string, string[]>()
    for (const [capability, cause] of Object.entries(withheld)) {
      const text = 'prerequisite' in cause ? `${cause.cause}\`, \`${cause.prerequisite}` : cause.cause
      causes.set(text, [...(causes.get(text) ?? []), capability])
    }
    return [...causes].map(([cause, capabilities]) => `| the page is \`${page}\` | ${code(capabilities)} | \`${cause}\` |`)
  })
  const realms = Object.entries(NO_REALM).filter(([, roles]) => roles.length > 0).map(([page, roles]) => `| the page is \`${page}\` | the realm of ${code(roles)} | \`realm_unavailable\`, \`prerequisite_missing\`, \`secure_context\` |`)
  return ['| when | what goes | cause |', '|---|---|---|', ...globals, ...pages, ...realms].join('\n')
}

/** What a bridge cannot carry, as a table of Markdown. */
export const notCarriedList = (): string =>
  ['| | what is not carried | because | instead |', '|---|---|---|---|', ...NOT_CARRIED.map((id) => {
    const { what, because, instead } = NOT_CARRIED_STATEMENTS[id]
    return `| \`${id}\` | ${what} | ${because} | ${instead} |`
  })].join('\n')

/** Puts texts between their markers, as in `<!-- trials -->` … `<!-- /trials -->`. Throws when a marker is not there. */
export function betweenMarkers(page: string, texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).reduce((written, [name, text]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [from, to] = [written.indexOf(open), written.indexOf(close)]
    if (from === -1 || to < from) throw new Error(`the page has no place between ${open} and ${close}`)
    return `${written.slice(0, from + open.length)}\n${text.trimEnd()}\n${written.slice(to)}`
  }, page)
}
