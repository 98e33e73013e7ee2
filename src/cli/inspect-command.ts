import type { Command } from 'commander'
import { inspectionText } from '../report/inspection-text.js'
import { paintFor } from '../report/paint.js'

export function addInspect(program: Command): void {
  program.command('inspect').description('read what a package with WASM seems to need of a host, without running it')
    .argument('<package>', 'a folder with a package.json, or the name of an installed package')
    .option('--json', 'print the inspection as JSON')
    .addHelpText('after', `
Example:
  lanecheck inspect ./pkg

Exit codes: 0 it was read, 64 there is no such package or it cannot be read.`)
    .action(async (wanted: string, flags: { json?: boolean }) => {
      // Not before it is needed: the parser takes longer to load than all the rest.
      const inspection = await (await import('../inspect/inspect.js')).inspectPackage(wanted, process.cwd())
      process.stdout.write(flags.json === true ? `${JSON.stringify(inspection, null, 2)}\n` : inspectionText(inspection, paintFor(process.stdout)))
    })
}
