import { Option, type Command } from 'commander'
import { cellId } from '../contract/lane.js'
import { rolesOf } from '../contract/scenario.js'
import { MOST_SHARDS } from '../contract/shard.js'
import { ENGINES, HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import { shardName } from '../run/shards.js'
import { findScenarios } from '../scenarios/catalogue.js'
import { findEngine } from '../../lanes/engines/find.js'
import { enginesOption, listOption, rolesOption, SCENARIO_HELP, wholeNumber } from './options.js'
import { OWN_SCENARIOS_HELP, ownScenarios, settingsOf } from './settings.js'

interface Flags { engine?: Engine[]; role?: HostRole[]; scenario?: string[]; scenarios?: string[]; json?: boolean; matrix?: number }

export function addLanes(program: Command): void {
  program.command('lanes')
    .description('list engines, host roles and the cells a run would have')
    .option('--engine <names>', `only these engines: ${ENGINES.join(', ')}`, enginesOption)
    .option('--role <names>', `only these host roles: ${HOST_ROLES.join(', ')}`, rolesOption)
    .option('--scenario <glob>', SCENARIO_HELP, listOption)
    .option('--scenarios <glob>', OWN_SCENARIOS_HELP, listOption)
    .option('--json', 'for a machine: engines, realms and cells')
    .addOption(new Option('--matrix <shards>', 'for a CI: one line of JSON, a job for each shard of each engine').argParser(wholeNumber(1, MOST_SHARDS)).conflicts('json'))
    .addHelpText('after', '\nExamples:\n  lanecheck lanes --json\n  echo "matrix=$(lanecheck lanes --matrix 2)" >> "$GITHUB_OUTPUT"')
    .action((flags: Flags) => print(flags))
}

async function print(flags: Flags): Promise<void> {
  if (flags.matrix !== undefined) {
    process.stdout.write(`${JSON.stringify(jobMatrix(flags.engine ?? ENGINES, flags.matrix))}\n`)
    return
  }
  const own = await ownScenarios(settingsOf({ scenarios: flags.scenarios }))
  const scenarios = [...new Set((flags.scenario ?? ['**']).flatMap((glob) => findScenarios(glob, own)))]
  const engines = (flags.engine ?? [...ENGINES]).map((engine) => findEngine(engine))
  const roles = flags.role ?? HOST_ROLES.filter((role) => scenarios.some((scenario) => rolesOf(scenario).includes(role)))
  const realms = engines.flatMap(({ engine }) => roles.map((host_role) => ({ engine, host_role })))
  const cells = realms.flatMap(({ engine, host_role }) => scenarios.filter((scenario) => rolesOf(scenario).includes(host_role)).map(({ id, surface_family }) => ({ cell_id: cellId(engine, host_role, id), engine, host_role, scenario_id: id, surface_family })))
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ engines, realms, cells }, null, 2)}\n`)
    return
  }
  const lines = engines.map((found) => `${found.engine.padEnd(9)} ${found.found ? `${found.engine_product}, ${found.executable_path}` : `missing: ${found.reason}; to have it: ${found.install}`}`)
  const ids = scenarios.map(({ id, title }) => `  ${id.padEnd(36)} ${title}`)
  process.stdout.write([...lines, '', `roles: ${roles.join(', ')}`, `${realms.length} realms, ${scenarios.length} scenarios, ${cells.length} cells:`, ...ids, ''].join('\n'))
}

export interface MatrixJob { name: string; engine: Engine; shard: string }

/** A job matrix as GitHub takes it: each engine's cells in as many shards, each in a job of its own that needs that engine alone. */
export function jobMatrix(engines: readonly Engine[], shards: number): { include: MatrixJob[] } {
  return {
    include: engines.flatMap((engine) => Array.from({ length: shards }, (_, at) => ({ name: `${engine}-${at + 1}-of-${shards}`, engine, shard: shardName({ engine, index: at + 1, of: shards }) }))),
  }
}
