import type { Command } from 'commander'
import type { HostPacket } from '../contract/host.js'
import { CAPABILITIES, ENGINES, MATRIX_HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import { packetLine } from '../report/terminal.js'
import type { ProbeOutcome } from '../run/probe.js'
import { interruptible } from './interrupt.js'
import { enginesOption, rolesOption, textOption } from './options.js'
import { settingsOf, SUBJECT_HELP } from './settings.js'

interface Flags { engine?: Engine[]; role?: HostRole[]; subject?: string; json?: boolean; quiet?: boolean }

const EXIT_MISSING = 3

export function addProbe(program: Command): void {
  program.command('probe')
    .description('have every realm prove its role and say what it has; print the host packets')
    .option('--engine <names>', `only these engines: ${ENGINES.join(', ')}`, enginesOption)
    .option('--role <names>', `only these host roles: ${MATRIX_HOST_ROLES.join(', ')}`, rolesOption)
    .option('--subject <name or path>', `whose admission to ask for: ${SUBJECT_HELP}`, textOption)
    .option('--json', 'print the host packets as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', '\nExample:\n  lanecheck probe --engine webkit --json')
    .action(async (flags: Flags) => {
      const { subject } = settingsOf({ subject: flags.subject })
      const { probeAll } = await import('../run/probe.js')
      const interrupt = interruptible()
      try {
        const outcome = await probeAll({ engines: flags.engine ?? [...ENGINES], roles: flags.role ?? [...MATRIX_HOST_ROLES], subject, signal: interrupt.signal, say: (line) => { if (flags.quiet !== true) process.stderr.write(`${line}\n`) } })
        process.stdout.write(flags.json === true ? `${JSON.stringify(outcome, null, 2)}\n` : text(outcome))
        if (outcome.missing.length > 0) process.exitCode = EXIT_MISSING
      } finally {
        interrupt.release()
      }
    })
}

function text({ packets, missing }: ProbeOutcome): string {
  const lines = packets.flatMap((packet) => [packetLine(packet), `  role ${packet.probe?.proven_role ?? 'not proven'}, lacks ${lacks(packet)}`, ...packet.findings.map((finding) => `  finding: ${finding}`)])
  return [...lines, ...missing.map(({ engine, reason }) => `${engine}: missing: ${reason}`), ''].join('\n')
}

function lacks({ probe }: HostPacket): string {
  const lacking = probe === null ? [] : CAPABILITIES.filter((name) => !probe.capabilities[name])
  return lacking.length === 0 ? 'nothing of the list' : lacking.join(', ')
}
