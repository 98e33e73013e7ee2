import { Option, type Command } from 'commander'
import { listOption, textOption } from './options.js'
import { DEFAULT_OUT } from './verify-command.js'

export interface ClaimsFlags { evidence?: string[]; tests?: string[]; config?: string; json?: boolean; sarif?: boolean }

export function addClaims(program: Command): void {
  const claims = program.command('claims').description('hold what documents say of support to the evidence, lane by lane')
    .addHelpText('after', '\nExample:\n  lanecheck claims check README.md --evidence lanecheck-evidence')
  const withEvidence = (command: Command): Command => command
    .argument('<document...>', 'Markdown or MDX files')
    .option('--evidence <folder>', `the evidence of a run (default: ${DEFAULT_OUT}); may be repeated`, listOption)
    .option('--tests <file>', 'a record that the kit\'s own tests left, for claims that want promotion; may be repeated', listOption)
    .option('--config <file>', 'limits and allow-list (default: lanecheck.claims.yaml, when it is there)', textOption)
  withEvidence(claims.command('check').description('check lane-claims blocks, generated tables and prose'))
    .option('--json', 'print the report as JSON')
    .addOption(new Option('--sarif', 'print the report as SARIF 2.1.0').conflicts('json'))
    .addHelpText('after', `
Example:
  lanecheck claims check README.md docs/support.md --evidence lanecheck-evidence

Exit codes: 0 nothing claimed beyond its evidence (warnings are printed), 1 a claim beyond it, or evidence that audit does not find clean, 64 wrong use. docs/claims.md tells how to write claims.`)
    .action(async (documents: string[], flags: ClaimsFlags) => {
      // Not before it is needed, here and below: what reads documents takes longer to load than all the rest.
      process.exitCode = (await import('./claims-actions.js')).checkClaims(documents, flags)
    })
  withEvidence(claims.command('write').description('make the generated tables of documents anew'))
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', `
Example:
  lanecheck claims write README.md --evidence lanecheck-evidence`)
    .action(async (documents: string[], flags: ClaimsFlags) => {
      process.exitCode = await (await import('./claims-actions.js')).writeClaims(documents, flags)
    })
}
