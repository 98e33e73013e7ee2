import { resolve } from 'node:path'
import type { Command } from 'commander'
import { refuseInside } from '../evidence/outside.js'
import { timesOf, writeTimes } from '../evidence/times-file.js'
import { merge } from '../merge/merge.js'
import { textOption } from './options.js'

interface Flags { out: string; writeTimes?: string }

export function addMerge(program: Command): void {
  program.command('merge')
    .description('join the evidence of all shards of a plan to one folder')
    .argument('<folders...>', 'the evidence folders of the shards')
    .requiredOption('--out <folder>', 'where the joined evidence goes', textOption)
    .option('--write-times <file>', 'write how long each cell took, for --times of the next run', textOption)
    .addHelpText('after', `
Example:
  lanecheck merge shards/* --out lanecheck-evidence

Every cell, realm and session is taken as it is, byte for byte; the joined folder is one for audit, report, claims and gate.
Exit codes: 0 joined, 1 shards that contradict each other (a cell twice, another artifact, another plan) or were changed, 3 a shard is missing or was cut off, 64 wrong use.
The exit code of the run is that of lanecheck report.`)
    .action(async (folders: string[], flags: Flags) => {
      if (flags.writeTimes !== undefined) for (const folder of [flags.out, ...folders]) refuseInside(flags.writeTimes, folder, '--write-times')
      const { ledger, shards } = await merge(folders, resolve(flags.out))
      if (flags.writeTimes !== undefined) await writeTimes(flags.writeTimes, timesOf(flags.out, ledger.verdicts))
      process.stdout.write(`${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}, ${ledger.verdicts.length} cells: ${flags.out}\nnext: lanecheck report ${flags.out}\n`)
    })
}
