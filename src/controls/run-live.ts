import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CanaryRecordSchema } from '../contract/canary.js'
import { HostPacketSchema } from '../contract/host.js'
import { LanecheckError } from '../contract/errors.js'
import type { Ledger } from '../contract/verdict.js'
import type { Engine } from '../contract/vocabulary.js'
import { UNPLANTED } from '../canary/plants.js'
import { canaryPath } from '../evidence/canary-file.js'
import { readRecord } from '../evidence/ledger-file.js'
import { silentProgress } from '../report/progress.js'
import type { VerifyOptions } from '../run/verify.js'
import { verdictAnswer, type LiveControl, type LiveRun } from './control.js'
import type { ControlAnswer } from './run-offline.js'

export interface LiveOptions {
  engines: Engine[]
  /** Evidence is kept here, a folder a run; null: nowhere. */
  out: string | null
  signal: AbortSignal
  say(line: string): void
  /** False leaves the faults out. */
  planted?: boolean
}

/** Runs at a time; each has all engines of its own. */
const SIDE_BY_SIDE = 2
/** Any cell that runs will do where only canaries are looked at. */
const ANY_CELL = 'timer.order.distinct'

/** Runs live controls, all of a faulty part in one run. Throws `interrupted`, and what `verify` throws. */
export async function runLive(controls: readonly LiveControl[], options: LiveOptions): Promise<ControlAnswer[]> {
  if (controls.length === 0 || options.engines.length === 0) return []
  const home = options.out ?? await mkdtemp(join(tmpdir(), 'lanecheck-controls-'))
  const waiting = [...new Set(controls.map(({ run }) => run))]
  const answers: ControlAnswer[] = []
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      const own = controls.filter((control) => control.run === run)
      options.say(`${run}: ${own.length} controls in ${options.engines.join(', ')}`)
      answers.push(...await runOne(run, own, join(home, run), options))
    }
  }
  try {
    const settled = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, () => work().catch((error: unknown) => {
      waiting.length = 0
      throw error
    })))
    const failed = settled.find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  } finally {
    if (options.out === null) await rm(home, { recursive: true, force: true })
  }
  const order = new Map(controls.map(({ id }, at) => [id, at]))
  return answers.sort((one, other) => order.get(one.id)! - order.get(other.id)!)
}

async function runOne(run: LiveRun, controls: readonly LiveControl[], out: string, options: LiveOptions): Promise<ControlAnswer[]> {
  const { verify } = await import('../run/verify.js')
  const canaries = run === 'canaries'
  const ledger = await verify({
    ...partUnderTest(run, options.planted !== false, controls),
    engines: options.engines, roles: [...new Set(controls.map(({ role }) => role))], scenarios: canaries ? [ANY_CELL] : [...new Set(controls.map(({ scenario }) => scenario))],
    cell: null, seed: 1, out, out_is_default: false, resume: false, frames: 2, max_attempts: 3, signal: options.signal, progress: silentProgress,
  })
  if (options.signal.aborted) throw new LanecheckError('interrupted', 'the controls were interrupted')
  return options.engines.flatMap((engine) => controls.map((control): ControlAnswer => {
    const given = READ[control.read](control, engine, ledger, out)
    return { id: control.id, engine, required: control.required, given, right: given === control.required }
  }))
}

function partUnderTest(run: LiveRun, planted: boolean, controls: readonly LiveControl[]): Pick<VerifyOptions, 'subject' | 'canaries' | 'trial'> {
  if (run === 'bridge') return { subject: 'reference', ...(planted ? { trial: { bridge_fault: (attempt) => controls.find(({ scenario }) => attempt.includes(`.${scenario}.`))?.bridge_fault ?? null } } : {}) }
  if (run === 'canaries') return planted ? { subject: 'native', canaries: UNPLANTED } : { subject: 'native' }
  return { subject: planted ? `planted/${run}` : 'native' }
}

type Reader = (control: LiveControl, engine: Engine, ledger: Ledger, out: string) => string

const READ: Record<LiveControl['read'], Reader> = {
  verdict: ({ role, scenario }, engine, { verdicts }) => {
    const verdict = verdicts.find((one) => one.engine === engine && one.host_role === role && one.scenario_id === scenario)
    return verdict === undefined ? 'no verdict' : verdictAnswer(verdict)
  },
  packet: ({ role }, engine, { verdicts }, out) => {
    const path = join(out, `hosts/${engine}.${role}.json`)
    // An engine that was lost keeps no packet; its verdicts say why.
    if (!existsSync(path)) return `no host packet: ${verdicts.find((one) => one.engine === engine)?.reason ?? 'no verdict'}`
    return readRecord(path, HostPacketSchema).findings.map((finding) => `finding: ${finding}`)[0] ?? 'no finding'
  },
  canary: ({ scenario: name }, engine, { verdicts }, out) => {
    const path = join(out, canaryPath(engine, 1))
    if (!existsSync(path)) return `no canaries: ${verdicts.find((one) => one.engine === engine)?.reason ?? 'no verdict'}`
    const result = readRecord(path, CanaryRecordSchema).canaries.find(({ canary }) => canary === name)
    const refused = verdicts.every((verdict) => verdict.engine !== engine || (verdict.verdict === 'infrastructure_loss' && verdict.reason.startsWith('canary_failed')))
    return `${result?.good === false ? 'bad' : 'good'} canary, session ${refused ? 'refused' : 'trusted'}`
  },
}
