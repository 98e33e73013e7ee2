import { cpSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run, type Ended } from '../unit/cli/run.js'

const MINUTE_MS = 60_000
/** What a clone does not bring along. */
const NOT_CLONED = /^(node_modules|dist|test-results|playwright-report|lanecheck-evidence.*|\.git|\.cache|.*\.tgz)$/

export const ended = ({ code, stdout, stderr }: Ended): string => `exit code ${code}\n${stdout.slice(-3000)}\n${stderr.slice(-3000)}`

export async function must(command: string, args: string[], cwd: string, limit_ms: number): Promise<Ended> {
  const result = await run(command, args, { cwd, limit_ms })
  if (result.code !== 0) throw new Error(`${command} ${args.join(' ')}: ${ended(result)}`)
  return result
}

/** What `npm pack --json` says of the package. */
export interface Packed { tarball: string; version: string; size: number; unpackedSize: number; files: Array<{ path: string; size: number }> }

/** Packs a copy of the clone: packing builds anew, which must not disturb tests that run the clone's own build. */
export async function packClone(clone: string, into: string): Promise<Packed> {
  for (const name of readdirSync(ROOT).filter((one) => !NOT_CLONED.test(one))) cpSync(join(ROOT, name), join(clone, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'))
  const { stdout } = await must('npm', ['pack', '--json', '--pack-destination', into], clone, 3 * MINUTE_MS)
  // What the build prints stands before.
  const [about] = JSON.parse(stdout.slice(stdout.search(/^\[\s*\{/m))) as Array<Omit<Packed, 'tarball'> & { filename: string }>
  return { ...about!, tarball: join(into, about!.filename) }
}
