import type { Command } from 'commander'
import { inspectionText } from '../report/inspection-text.js'
import { LanecheckError } from '../contract/errors.js'
import { paintFor } from '../report/paint.js'
import { settingsOf } from './settings.js'

export function addInspect(program: Command): void {
  program.command('inspect').description('read what a package with WASM seems to need of a host, without running it')
    .argument('[package]', 'a folder with a package.json, or the name of an installed package (default: that of lanecheck.config.*)')
    .option('--json', 'print the inspection as JSON')
    .addHelpText('after', `
Example:
  lanecheck inspect ./pkg

Exit codes: 0 it was read, 64 there is no such package or it cannot be read.`)
    .action(async (named: string | undefined, flags: { json?: boolean }) => {
      const wanted = settingsOf({ package: named }).package
      if (wanted === undefined) throw new LanecheckError('usage', 'no package is named', { where: 'lanecheck inspect', hint: 'as in: lanecheck inspect ./pkg' })
      // Not before it is needed: the parser takes longer to load than all the rest.
      const inspection = await (await import('../inspect/inspect.js')).inspectPackage(wanted, process.cwd())
      process.stdout.write(flags.json === true ? `${JSON.stringify(inspection, null, 2)}\n` : inspectionText(inspection, paintFor(process.stdout)))
    })
}
