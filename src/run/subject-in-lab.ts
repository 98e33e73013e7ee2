import { isLanecheckError, LanecheckError, type ErrorCode } from '../contract/errors.js'
import type { SubjectDeclaration } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'
import { declareSubject } from '../lab/run-lab.js'
import type { Artifact } from './artifact.js'
import type { LabRuns } from './lab-runs.js'

/** What a subject says of itself. Throws what `declareSubject` throws, with the subject's name and the moment. */
export async function declaredInLab({ subject, source, assets }: Artifact): Promise<SubjectDeclaration> {
  try {
    const { declaration } = await declareSubject(source, undefined, assets)
    const { claim, downgrade } = declaration
    if (claim !== undefined && 'error' in claim) throw new LanecheckError('subject_invalid', `the subject's own classify cannot be asked: ${claim.error}`, { where: 'default.downgrade.classify', hint: 'name a function that the module exports: export function ' + (downgrade?.classify ?? 'classify') + '() { … }' })
    if (downgrade?.server !== undefined && !declaration.bridge) throw new LanecheckError('subject_invalid', 'the subject has a server of its own and takes no bridge: it would never be used', { where: 'default.bridge', hint: 'say bridge: true, or leave out downgrade.server' })
    return declaration
  } catch (error) {
    throw blamed(error, subject, 'when its module was evaluated')
  }
}

const CANNOT_START: ReadonlySet<ErrorCode> = new Set(['subject_throws', 'subject_never_starts', 'subject_invalid', 'lab_stalled'])

/**
 * Starts the lab's runs; a subject that cannot start says so here, before any engine is started.
 * Throws `subject_throws`, `subject_never_starts`, `subject_invalid`; `lab_stalled` too, for a subject that hangs where it starts
 * hangs in every scenario, and each would take the lab's whole limit.
 * And `lab_missing_global` for one that asks for Node, which no realm has.
 */
export async function firstLabRun(labs: LabRuns, scenarios: Scenario[], { subject }: Artifact): Promise<void> {
  const first = scenarios[0]!
  try {
    await labs.of(first)
  } catch (error) {
    if (isLanecheckError(error) && (CANNOT_START.has(error.code) || asksForNode(error))) throw blamed(error, subject, error.code === 'lab_stalled' ? `in start() or in ${first.id}` : 'when it was started')
  }
  // The rest is made ahead of the engines' need; each cell asks for its own and hears of its own failure.
  for (const scenario of scenarios.slice(1)) labs.of(scenario).catch(() => undefined)
}

/** Node's modules are in no realm, whichever scenario asks for them. */
const asksForNode = ({ code, where }: LanecheckError): boolean => code === 'lab_missing_global' && where?.startsWith('node:') === true

const HINTS: Partial<Record<ErrorCode, string>> = {
  subject_throws: 'it was run in the lab, where every run begins; mend it, or name another with --subject',
  subject_never_starts: 'start() must resolve once the runtime can be used: look for a promise that nobody settles',
  lab_stalled: 'look for a loop that waits: nothing else can happen while it runs; if only one scenario hangs, name others with --scenario',
}

function blamed(error: unknown, subject: string, when: string): unknown {
  if (!isLanecheckError(error)) return error
  const hint = hintFor(error.message) ?? error.hint ?? HINTS[error.code]
  const message = error.code === 'subject_invalid' ? error.message : `${error.message}, ${when}`
  return new LanecheckError(error.code, message, { where: error.where === null ? subject : `${subject}: ${error.where}`, cause: error, ...(hint === undefined ? {} : { hint }) })
}

function hintFor(message: string): string | undefined {
  if (message.includes('reached for "node:')) return 'it uses a module of Node\'s own, which no realm has'
  return message.startsWith('RuntimeError:') ? 'its WASM trapped; the lab runs it before any engine does' : undefined
}
