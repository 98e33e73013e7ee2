import type { Capability } from '../contract/vocabulary.js'
import { callables } from './exports.js'
import { FAMILIES, type FamilyStub } from './families.js'
import type { Loading } from './loading.js'
import type { PackageSeen } from './package-seen.js'

/** How a line begins that is the maintainer's to write. */
export const TODO = 'TODO(lanecheck)'
const MOST_SHOWN = 5

/** What the package seems to require, without what only the loading of its WASM took, when that is not done. */
export function requiredOf({ inspection }: PackageSeen, { hands_bytes }: Pick<Loading, 'hands_bytes'>): Capability[] {
  const only_to_load = hands_bytes && !inspection.uses.some(({ what, by }) => what === 'fetch' && by === 'wasm')
  return inspection.inferred.requires.filter((capability) => capability !== 'fetch' || !only_to_load)
}

/** Roles that nothing speaks against. */
export const rolesOf = ({ inspection }: PackageSeen): string[] => inspection.inferred.host_roles.filter(({ takes }) => takes === 'yes').map(({ host_role }) => host_role)

/** The subject file: what could be seen filled in, the rest marked; it loads as it stands, and what it leaves out is unsupported. */
export function subjectText(seen: PackageSeen, loading: Loading, bridge: boolean): string {
  const { package: { name, version }, shape } = seen.inspection
  const list = (words: readonly string[]): string => `[${words.map((word) => `'${word}'`).join(', ')}]`
  return [
    `// Written by lanecheck init for ${name} ${version} (${shape}): what its files show is filled in, ${TODO} says what is yours to write.`,
    "import { defineSubject } from 'lanecheck'",
    ...loading.imports,
    '',
    ...loading.above,
    ...(loading.above.length > 0 ? [''] : []),
    'export default defineSubject({',
    `  name: ${quoted(name)},`,
    `  version: ${quoted(version)},`,
    '  // Inferred: read off its files, nothing was run. Take out what it can do without; a realm without one of these is not asked to run it.',
    `  requires: ${list(requiredOf(seen, loading))},`,
    '  // Inferred, too: where it may run directly.',
    ...leftOut(seen).map((line) => `  // ${line}`),
    `  host_roles: ${list(rolesOf(seen))},`,
    '  // Where it cannot run directly, it may run in Node behind the server bridge; false: there it is unsupported.',
    `  bridge: ${bridge},`,
    '  start: async (host) => {',
    ...loading.start.map((line) => `    ${line}`),
    `    host.log(\`\${Object.keys(${loading.name}).length} exports\`)`,
    '    return {',
    ...stubs(seen).map((line) => `      ${line}`),
    '      shutdown: async () => {',
    `        // ${TODO}: end what it has started; afterwards no timer, socket or request may be left alive.`,
    '      },',
    '    }',
    '  },',
    '})',
    '',
  ].join('\n')
}

const quoted = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`

const leftOut = ({ inspection }: PackageSeen): string[] =>
  inspection.inferred.host_roles.filter(({ takes }) => takes !== 'yes').map(({ host_role, takes, why }) => `${takes === 'no' ? 'Not' : 'Perhaps not'} ${host_role}: ${why[0] ?? 'its files speak against it'}.`)

/** The families that its files or its exports speak of; the others by name. */
function stubs(seen: PackageSeen): string[] {
  const speaks = ({ family, fits, whatever }: FamilyStub): boolean =>
    (seen.inspection.inferred.families as readonly string[]).includes(family) || callables(seen.exports).some((one) => whatever === true || fits(one.seen))
  const [told, others] = [FAMILIES.filter(speaks), FAMILIES.filter((family) => !speaks(family))]
  return [...told.flatMap((family) => stub(family, seen)), ...(others.length > 0 ? [`// Nothing in its files speaks of ${others.map(({ family }) => family).join(', ')}: left out, their scenarios are unsupported.`] : [])]
}

function stub({ family, todo, lines, fits }: FamilyStub, { exports, inspection }: PackageSeen): string[] {
  const likely = callables(exports).filter(({ seen }) => fits(seen))
  const used = (inspection.inferred.families as readonly string[]).includes(family) ? ' Its files use what this needs.' : ''
  const shown = likely.slice(0, MOST_SHOWN).map(({ text }) => text)
  return [
    `// ${TODO}: ${family}, ${todo}; left out, its scenarios are unsupported.${used}`,
    ...(shown.length > 0 ? [`// Perhaps by: ${shown.join(' · ')}${likely.length > shown.length ? ` · and ${likely.length - shown.length} more` : ''}`] : []),
    ...lines.map((line) => `// ${line}`),
  ]
}

/** What is marked in a text as left to write, with its lines. */
export const todosIn = (path: string, text: string): Array<{ at: string; what: string }> =>
  text.split('\n').flatMap((line, at) => { const what = new RegExp(`${TODO.replace(/[()]/g, '\\$&')}: (.*)$`).exec(line)?.[1]; return what === undefined ? [] : [{ at: `${path}:${at + 1}`, what }] })

