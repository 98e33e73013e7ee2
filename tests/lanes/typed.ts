import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Step } from '../unit/docs/page-steps.js'
import { expect, ROOT, test, type Ended, type Kit } from './support.js'

/** A place where commands are typed as documents have them: `npx lanecheck` is this clone's build, and its files lie here too. */
export interface Desk {
  folder: string
  /** Runs a line in a POSIX shell, so wide that no line of it wraps. */
  type(line: string): Promise<Ended>
}

export function deskIn(kit: Kit, name = 'desk'): Desk {
  const folder = join(kit.folder, name)
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const one of ['tests', 'subjects', 'src', 'docs', 'package.json', 'lanecheck.expectations.json']) symlinkSync(join(ROOT, one), join(folder, one))
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = lanecheck ] && shift && exec '${process.execPath}' '${join(ROOT, 'dist/src/cli/main.js')}' "$@"\nexit 127\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  return { folder, type: (line) => kit.start('sh', ['-c', `cd '${folder}' && ${line}`], { PATH: `${bin}:${process.env.PATH ?? ''}`, COLUMNS: '400' }).ended }
}

/** Tables are as wide as the names in them. */
const narrow = (text: string): string => text.replace(/ +/g, ' ')
/** A line of the page as a pattern: `…` stands for anything within a line. */
const pattern = (line: string): RegExp => new RegExp(narrow(line).split(/ ?… ?/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))

/** Does one step of a page. `typed`: lines that gave their output before, which pages share. */
export async function take(desk: Desk, step: Step, here: (text: string) => string, typed: Map<string, string>): Promise<void> {
  if (step.kind === 'file') {
    mkdirSync(dirname(join(desk.folder, step.name)), { recursive: true })
    return writeFileSync(join(desk.folder, step.name), here(step.text))
  }
  let output = ''
  for (const command of step.commands.map(here)) {
    let text = typed.get(command)
    if (text === undefined) {
      const ended = await test.step(command, () => desk.type(command))
      expect(ended.code, `${command}: ${ended.stderr}${ended.stdout}`).toBe(step.exit)
      text = ended.stdout
      expect(`${text}${ended.stderr}`.trim(), command).not.toBe('')
      // What takes an engine is run once for all pages that ask the same; what it left is there still.
      if (command.startsWith('npx lanecheck verify ')) typed.set(command, text)
    }
    output += text
  }
  for (const line of step.says) expect(narrow(output)).toMatch(pattern(here(line)))
}
