import { Command } from 'commander'
import { packageVersion } from '../package-root.js'
import { addAudit } from './audit-command.js'
import { addCompletion } from './completion-command.js'
import { addDoctor } from './doctor-command.js'
import { addDowngrade } from './downgrade-command.js'
import { addGate } from './gate-command.js'
import { addHistory } from './history-command.js'
import { addControls } from './controls-command.js'
import { addClaims } from './claims-command.js'
import { addInit } from './init-command.js'
import { addInspect } from './inspect-command.js'
import { addLanes } from './lanes-command.js'
import { addMerge } from './merge-command.js'
import { addProbe } from './probe-command.js'
import { addReport } from './report-command.js'
import { addRows } from './rows-command.js'
import { addReplay } from './replay-command.js'
import { addVerify } from './verify-command.js'

/** All commands, none of them run. */
export function makeProgram(): Command {
  const program = new Command('lanecheck')
    .description('Finds out, lane by lane, where a browser package really runs.')
    .version(packageVersion())
    .addHelpText('after', '\nExample:\n  lanecheck verify --subject ./my-subject.ts --engine chromium --role window,dedicated_worker')
  addVerify(program)
  addProbe(program)
  addLanes(program)
  addRows(program)
  addAudit(program)
  addReplay(program)
  addMerge(program)
  addGate(program)
  addControls(program)
  addDowngrade(program)
  addReport(program)
  addClaims(program)
  addHistory(program)
  addInit(program)
  addInspect(program)
  addDoctor(program)
  // After all others: it completes those that are there.
  addCompletion(program)
  // What commander has to say is said by `explain`.
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) command.exitOverride().configureOutput({ outputError: () => undefined })
  return program
}
