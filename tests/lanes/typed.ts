import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, type Ended, type Kit } from './support.js'

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
