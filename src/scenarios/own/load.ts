import { extname, resolve } from 'node:path'
import { LanecheckError } from '../../contract/errors.js'
import type { Scenario } from '../../contract/scenario.js'
import { TRIAL_SCENARIOS } from '../../downgrade/trial-scenarios.js'
import { CATALOGUE } from '../catalogue.js'
import { completed } from '../define.js'
import type { Reading } from '../../subjects/files-read.js'
import { TASK_SCENARIOS } from '../task/calls.js'
import { checkScenario } from '../validate.js'
import { scenarioFiles } from './find-files.js'
import { readData, type FileRead } from './read-data.js'
import { readModule } from './read-module.js'

const DATA: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml'])
const MODULES: ReadonlySet<string> = new Set(['.ts', '.mts', '.js', '.mjs'])

/**
 * Loads a maintainer's own scenarios: the files that the globs name from a folder, each with one scenario or a list of them, checked as the kit's own are.
 * Throws `scenario_file_not_found`, `scenario_invalid` and `scenario_id_taken`, with file and, where it can be told, line.
 * `reading` is told of each file, what a module imports too, before it is read.
 */
export async function loadOwnScenarios(globs: readonly string[], folder: string, reading: Reading = {}): Promise<Scenario[]> {
  const taken = new Map([...CATALOGUE, ...TASK_SCENARIOS, ...TRIAL_SCENARIOS].map(({ id }) => [id, 'lanecheck itself']))
  const loaded: Scenario[] = []
  const files = scenarioFiles(globs, folder)
  // One that is wrong hides none of the others.
  for (const file of files) reading.onFile?.(resolve(folder, file))
  for (const file of files) {
    for (const { scenario, place } of scenariosOf(file, await readFile(file, folder, reading))) {
      const before = taken.get(scenario.id)
      if (before !== undefined) throw new LanecheckError('scenario_id_taken', `${place}: the id '${scenario.id}' is taken by ${before}`, { where: place, hint: 'give it an id of its own, as in my_package.sync.retries' })
      taken.set(scenario.id, place)
      loaded.push(scenario)
    }
  }
  return loaded
}

async function readFile(file: string, folder: string, reading: Reading): Promise<FileRead> {
  const extension = extname(file)
  if (DATA.has(extension)) return readData(file, folder)
  if (MODULES.has(extension)) return readModule(file, folder, reading)
  throw new LanecheckError('scenario_invalid', `${file}: this is no scenario file`, { where: file, hint: `its name wants to end in one of ${[...MODULES, ...DATA].join(', ')}` })
}

function scenariosOf(file: string, { exported, lineOf }: FileRead): Array<{ scenario: Scenario; place: string }> {
  const listed = Array.isArray(exported)
  const found: unknown[] = listed ? exported : [exported]
  if (found.length === 0) throw new LanecheckError('scenario_invalid', `${file}: it holds no scenario`, { where: file, hint: 'add one, or take the file out of the globs' })
  return found.map((one, at) => {
    const id = typeof one === 'object' && one !== null && 'id' in one && typeof one.id === 'string' ? one.id : null
    const placeOf = (path: string): string => {
      const line = lineOf(id, path, listed ? at : null)
      return line === null ? `${file}${id === null ? '' : ` (${id})`}` : `${file}:${line}`
    }
    // As it is kept: a member that is `undefined` is none.
    const scenario = JSON.parse(JSON.stringify(checkScenario(completed(one), placeOf))) as Scenario
    return { scenario, place: placeOf('id') }
  })
}
