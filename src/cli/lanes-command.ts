import type { Command } from 'commander'
import { cellId } from '../contract/lane.js'
import { rolesOf } from '../contract/scenario.js'
import { ENGINES, HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import { findScenarios } from '../scenarios/catalogue.js'
import { findEngine } from '../../lanes/engines/find.js'
import { enginesOption, listOption, rolesOption, SCENARIO_HELP } from './options.js'

interface Flags { engine?: Engine[]; role?: HostRole[]; scenario?: string[]; json?: boolean }

export function addLanes(program: Command): void {
  program.command('lanes')
    .description('list engines, host roles and the cells a run would have')
    .option('--engine <names>', `only these engines: ${ENGINES.join(', ')}`, enginesOption)
    .option('--role <names>', `only these host roles: ${HOST_ROLES.join(', ')}`, rolesOption)
    .option('--scenario <glob>', SCENARIO_HELP, listOption)
    .option('--json', 'for a machine: engines, realms and cells')
    .addHelpText('after', '\nExample:\n  lanecheck lanes --json')
    .action((flags: Flags) => print(flags))
}

function print(flags: Flags): void {
  const scenarios = [...new Set((flags.scenario ?? ['**']).flatMap((glob) => findScenarios(glob)))]
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
