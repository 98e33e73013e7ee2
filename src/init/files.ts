import { stringify } from 'yaml'
import type { Choices } from './choices.js'
import type { Loading } from './loading.js'
import type { PackageSeen } from './package-seen.js'
import { subjectText, TODO } from './subject-text.js'

export interface NewFile { path: string; text: string }

/** The folder of what init writes, beside the config and the expectations. */
export const LANES_FOLDER = 'lanes'
const EXPECTATIONS = 'lanecheck.expectations.json'

/** How the ids of the package's own scenarios begin. */
export function scenarioPrefix({ inspection }: PackageSeen): string {
  const word = inspection.package.name.replace(/^@[^/]*\//, '').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '')
  return word === '' ? 'my_package' : word
}

/** The first scenario's id. */
export const firstScenario = (seen: PackageSeen): string => `${scenarioPrefix(seen)}.start.shut_down`

/** All that init writes for a package; the subject is the first. */
export function filesFor(seen: PackageSeen, loading: Loading, { language, config, bridge }: Choices): [NewFile, ...NewFile[]] {
  const subject = { path: `${LANES_FOLDER}/subject.${language}`, text: subjectText(seen, loading, bridge) }
  const settings = {
    schema: 'lanecheck.config.v1',
    comment: 'Read by lanecheck in this folder; what the command line says wins.',
    subject: `./${subject.path}`,
    scenarios: [`${LANES_FOLDER}/**/*.scenario.{ts,js,yaml,json}`],
    expectations: EXPECTATIONS,
    out: 'lanecheck-evidence',
    package: seen.wanted,
  }
  return [
    subject,
    ...(language === 'ts' && loading.ambient.length > 0 ? [{ path: `${LANES_FOLDER}/wasm.d.ts`, text: `${loading.ambient.join('\n')}\n` }] : []),
    { path: `${LANES_FOLDER}/start.scenario.${language}`, text: scenarioText(seen) },
    { path: `lanecheck.config.${config}`, text: config === 'json' ? `${JSON.stringify(settings, null, 2)}\n` : stringify(settings) },
    { path: EXPECTATIONS, text: `${JSON.stringify({ schema: 'lanecheck.expectations.v1', comment: 'What is expected otherwise than by default, and why; lanecheck verify --update-expectations brings it up to date.', expectations: [] }, null, 2)}\n` },
  ]
}

const scenarioText = (seen: PackageSeen): string => `import { defineScenario } from 'lanecheck'

// The least that can be asked: it loads, starts, is shut down, and leaves nothing alive.
export default defineScenario({
  id: '${firstScenario(seen)}',
  title: 'It starts, is shut down, and leaves nothing alive',
  tasks: {
    main: [
      { op: 'mark', mark: 'started' },
      // ${TODO}: steps that its users take, once the subject offers what they need; with timers these, and what is expected of them below.
      // { op: 'timer.set', timer: 'reminder', after_ticks: 4 },
      // { op: 'timer.wait', timer: 'reminder' },
      { op: 'shutdown' },
      { op: 'mark', mark: 'ended' },
    ],
  },
  expect: {
    // timers: { reminder: { outcome: 'fired', fired: 1 } },
    orders: [['mark.started', 'mark.ended']],
  },
})
`
