import { join } from 'node:path'
import type { Command } from 'commander'
import picomatch from 'picomatch'
import { LanecheckError } from '../contract/errors.js'
import type { GatePacket, GateReport } from '../contract/gate.js'
import { SURFACE_FAMILIES, SurfaceFamilySchema, type SurfaceFamily } from '../contract/vocabulary.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { jsonText } from '../evidence/bundle.js'
import { refuseInside } from '../evidence/outside.js'
import { gateExit } from '../gate/exit-code.js'
import { gate } from '../gate/gate.js'
import { gateTable, packetText } from '../report/gate-table.js'
import { paintFor, type Paint } from '../report/paint.js'
import { widthOf } from '../report/width.js'
import { auditText } from './audit-command.js'
import { listOption, textOption } from './options.js'

interface Flags { tests?: string[]; row?: SurfaceFamily[]; lane?: string[]; json?: boolean; out?: string }

/** With this many packets or fewer, each is printed in full. */
const IN_FULL = 4

export function addGate(program: Command): void {
  program.command('gate')
    .description('say for each row and lane what its promotion floor has, what is missing, and which evidence proves it')
    .argument('<folder>', 'the evidence folder of a run')
    .option('--tests <file>', 'a record that the kit\'s own tests left (T0, T1, T4, T5), as .cache/tests/tier-record.json; may be repeated', listOption)
    .option('--row <name>', `only this row: ${SURFACE_FAMILIES.join(', ')}; may be repeated`, rowOption)
    .option('--lane <glob>', 'only lanes whose id matches, as in \'chromium.*\'; may be repeated', listOption)
    .option('--out <folder>', 'write each packet there, as <row>.<lane>.json', textOption)
    .option('--json', 'print the packets as JSON')
    .addHelpText('after', `
Example:
  lanecheck gate lanecheck-evidence --tests .cache/tests/tier-record.json --row timer_surface --lane 'chromium.*'

Exit codes: 0 all eligible, 1 a mismatch, a claim that may not be made or a folder that does not audit clean, 2 something is missing, 3 lost or missing cells,
64 wrong use. A folder that does not audit clean gets no packets. docs/gate.md tells which tier is shown by what.`)
    .action(async (folder: string, flags: Flags) => {
      process.exitCode = await run(folder, flags)
    })
}

function rowOption(name: string, before: SurfaceFamily[] = []): SurfaceFamily[] {
  const row = SurfaceFamilySchema.safeParse(name)
  if (!row.success) throw new LanecheckError('usage', `there is no row "${name}"`, { where: '--row', hint: `one of: ${SURFACE_FAMILIES.join(', ')}` })
  return [...before, row.data]
}

async function run(folder: string, flags: Flags): Promise<number> {
  if (flags.out !== undefined) refuseInside(flags.out, folder, '--out')
  const { audited, report } = gate(folder, flags.tests ?? [])
  if (report === null) {
    const parted = audited.findings.some(({ code }) => code === 'shard_missing')
    const todo = parted ? 'this is one shard of a plan: join all of them with lanecheck merge' : audited.exit_code === 3 ? 'go on with the run first: lanecheck verify with its own options and --resume' : 'take the folder as the run left it, or run again'
    process.stderr.write(`${auditText(audited, paintFor(process.stderr))}no packets: the folder does not audit clean; ${todo}\n`)
    return audited.exit_code
  }
  const packets = wanted(report.packets, flags)
  const shown: GateReport = { ...report, packets, exit_code: gateExit(packets) }
  if (flags.out !== undefined) for (const packet of packets) await atomicWrite(join(flags.out, `${packet.surface_family}.${packet.lane_id}.json`), jsonText(packet))
  process.stdout.write(flags.json === true ? `${JSON.stringify(shown, null, 2)}\n` : text(shown, paintFor(process.stdout)))
  return shown.exit_code
}

function wanted(packets: readonly GatePacket[], { row, lane }: Flags): GatePacket[] {
  const lanes = [...new Set(packets.map(({ lane_id }) => lane_id))]
  const globs = (lane ?? ['**']).map((glob) => ({ glob, matches: picomatch(glob) }))
  const none = globs.find(({ matches }) => !lanes.some((id) => matches(id)))
  if (none !== undefined) throw new LanecheckError('usage', `no lane of this run matches '${none.glob}'`, { where: '--lane', hint: `its lanes: ${lanes.join(', ')}` })
  return packets.filter(({ surface_family, lane_id }) => (row === undefined || row.includes(surface_family)) && globs.some(({ matches }) => matches(lane_id)))
}

function text({ run_id, packets }: GateReport, paint: Paint): string {
  const eligible = packets.filter(({ eligibility_verdict }) => eligibility_verdict === 'eligible').length
  const detail = packets.length <= IN_FULL ? packets.flatMap((packet) => ['', packetText(packet, paint)]) : ['', 'what is missing, and the command that gives it: --row and --lane, or --json']
  return [gateTable(packets, paint, widthOf(process.stdout)), ...detail, '', `run ${run_id}: ${eligible} of ${packets.length} eligible; bridge_only is never parity`, ''].join('\n')
}
