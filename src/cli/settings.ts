import { loadConfig, type Config } from '../config/lanecheck-config.js'
import type { Scenario } from '../contract/scenario.js'

/** The subject when neither the command line nor a config names one. */
const DEFAULT_SUBJECT = 'reference'

export const SUBJECT_HELP = 'reference, native, or a module whose default export is a Subject (default: that of lanecheck.config.*, else reference)'
export const OWN_SCENARIOS_HELP = 'files with scenarios of your own, .ts, .js, .yaml or .json: \'lanes/*.scenario.ts\'; may be repeated (default: those of lanecheck.config.*)'

/** What the command line names; each wins over the config of the folder. */
export interface Named { subject?: string | undefined; expectations?: string | undefined; out?: string | undefined; package?: string | undefined; scenarios?: string[] | undefined }
export type Settings = Pick<Config, 'expectations' | 'out' | 'package'> & {
  subject: string
  scenarios: string[]
  /** The command line names scenarios in place of some that the config names. */
  own_left_out: boolean
}

/** Joins the command line with the config of this folder. Throws `config_invalid`. */
export function settingsOf(named: Named = {}): Settings {
  const config = loadConfig()
  const scenarios = named.scenarios ?? config.scenarios ?? []
  return {
    subject: named.subject ?? config.subject ?? DEFAULT_SUBJECT,
    scenarios,
    own_left_out: (config.scenarios ?? []).some((glob) => !scenarios.includes(glob)),
    ...present('expectations', named.expectations ?? config.expectations),
    ...present('out', named.out ?? config.out),
    ...present('package', named.package ?? config.package),
  }
}

const present = <Key extends string>(key: Key, value: string | undefined): { [key in Key]?: string } => (value === undefined ? {} : { [key]: value }) as { [key in Key]?: string }

/** The maintainer's own scenarios, from this folder. Throws what `loadOwnScenarios` throws. */
export async function ownScenarios({ scenarios }: Pick<Settings, 'scenarios'>): Promise<Scenario[]> {
  // Not before it is needed: most runs have none.
  return scenarios.length === 0 ? [] : (await import('../scenarios/own/load.js')).loadOwnScenarios(scenarios, '.')
}
