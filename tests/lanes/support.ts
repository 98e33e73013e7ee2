import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test as base } from '@playwright/test'
import { LedgerSchema, type Ledger, type Verdict } from '../../src/contract/verdict.js'
import { EngineSchema, type Engine } from '../../src/contract/vocabulary.js'
import { descendants, survivors, withMarker, type SeenProcess } from './processes.js'

export { expect }

/** The clone's root, where people type their commands. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const RUN_LIMIT_MS = 100_000
/** Longest that what a run started may outlive it. */
const END_LIMIT_MS = 4_000

export interface Ended { code: number | null; stdout: string; stderr: string }
export interface Started {
  pid: number
  ended: Promise<Ended>
  /** Whether it still runs. */
  running(): boolean
  signal(name: NodeJS.Signals): void
  /** All it has started so far. */
  processes(): SeenProcess[]
}
export interface Verified extends Ended { ledger: Ledger; out: string }

/** The kit as a user has it: commands in, exit codes, output and files out. */
export interface Kit {
  engine: Engine
  /** An empty folder, gone after the test. */
  folder: string
  /** Starts a command from the root; it is killed when its time is up. */
  start(command: string, args: readonly string[], env?: Record<string, string>): Started
  lanecheck(...args: string[]): Promise<Ended>
  /** `lanecheck verify` in this test's engine; each run has an evidence folder of its own. */
  verify(...args: string[]): Promise<Verified>
}

/** Every test has the kit, and fails when a process it started is left afterwards. */
export const test = base.extend<{ kit: Kit }>({
  kit: async ({}, use, info) => {
    const folder = mkdtempSync(join(tmpdir(), 'lanecheck-lane-test-'))
    const marker = `LANECHECK_LANE_TEST=${randomUUID()}`
    await use(kitOf(EngineSchema.parse(info.project.name), folder, marker))
    const left = await survivors(() => withMarker(marker), END_LIMIT_MS)
    for (const { pid } of left) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    expect(left, 'processes left after the run').toEqual([])
  },
})

function kitOf(engine: Engine, folder: string, marker: string): Kit {
  const [name, value] = marker.split('=') as [string, string]
  const start: Kit['start'] = (command, args, env = {}) => startBounded(command, args, { ...process.env, FORCE_COLOR: '0', ...env, [name]: value })
  const lanecheck: Kit['lanecheck'] = (...args) => start(process.execPath, [join('dist', 'src', 'cli', 'main.js'), ...args]).ended
  let runs = 0
  return {
    engine, folder, start, lanecheck,
    verify: async (...args) => {
      const out = join(folder, `evidence-${++runs}`)
      const ended = await lanecheck('verify', '--engine', engine, '--json', '--quiet', '--out', out, ...args)
      return { ...ended, out, ledger: ledgerOf(ended) }
    },
  }
}

/** The ledger that a run printed. */
export function ledgerOf({ code, stdout, stderr }: Ended): Ledger {
  expect(stdout, `a ledger on standard output; exit code ${code}, and on standard error: ${stderr.slice(0, 2000)}`).toMatch(/^\{/)
  return LedgerSchema.parse(JSON.parse(stdout))
}

/** The verdict of a role's cell. */
export function verdictOf(ledger: Ledger, host_role: string, scenario_id: string): Verdict {
  const verdict = ledger.verdicts.find((one) => one.host_role === host_role && one.scenario_id === scenario_id)
  if (verdict === undefined) throw new Error(`the ledger has no cell of ${host_role} for ${scenario_id}`)
  return verdict
}

/** Verdicts by cell, for one comparison that shows all that differ, and why. */
export const byCell = (ledger: Ledger): Record<string, string> =>
  Object.fromEntries(ledger.verdicts.map(({ lane_id, scenario_id, verdict, reason }) => [`${lane_id}/${scenario_id}`, verdict === 'parity' || verdict === 'bridge_only' ? verdict : `${verdict}: ${reason}`]))

export const scenarios = (ids: readonly string[]): string[] => ids.flatMap((id) => ['--scenario', id])

function startBounded(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Started {
  // A group of its own, so that a signal to it is not one to the tests.
  const child = spawn(command, args, { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const limit = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), RUN_LIMIT_MS)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  }).finally(() => clearTimeout(limit))
  return {
    pid: child.pid!,
    ended,
    running: () => child.exitCode === null && child.signalCode === null,
    signal: (name) => void child.kill(name),
    processes: () => descendants(child.pid!),
  }
}
