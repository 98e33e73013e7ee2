import vm from 'node:vm'
import { LanecheckError } from '../contract/errors.js'
import { KERNEL_GLOBAL, TURN_GLOBAL, type LabKernel } from './kernel-types.js'

/** A context whose globals are virtual. Every call runs with the microtasks it causes. */
export interface LabContext {
  /** Evaluates the artifact. Throws `subject_does_not_parse`, `subject_throws`, `lab_stalled`. */
  evaluate(artifact: string): void
  /** Runs the task that the clock names; only inside `guarded`. */
  turn(): void
  /** Runs `work`, which may take turns, and cuts it off after `limit_ms` of real time. Throws `lab_stalled`. */
  guarded(work: () => void, limit_ms: number): void
}

const ARTIFACT_NAME = 'lanecheck-artifact.js'
const HOST_NAME = 'lanecheck-lab-host.js'
/** Compiled scripts by their source: a run compiles nothing that the one before it had. */
const compiled = new Map<string, vm.Script>()
const COMPILED_LIMIT = 8

function compile(source: string, filename: string): vm.Script {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const script = new vm.Script(source, { filename })
  if (compiled.size >= COMPILED_LIMIT) compiled.delete(compiled.keys().next().value!)
  compiled.set(source, script)
  return script
}

// Bindings of the script scope, which no property of the global object shows.
const BIND = new vm.Script(`const lanecheckLab = { turn: ${TURN_GLOBAL}, work: null }; delete globalThis.${TURN_GLOBAL}; lanecheckLab`, { filename: HOST_NAME })
const TURN = new vm.Script('lanecheckLab.turn()', { filename: HOST_NAME })
const WORK = new vm.Script('lanecheckLab.work()', { filename: HOST_NAME })

/** Makes a context, puts the virtual globals in, and nothing else of this process. */
export function createLabContext(hostSource: string, kernel: LabKernel, evaluate_ms: number): LabContext {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY as unknown as vm.Context, { microtaskMode: 'afterEvaluate', name: 'lanecheck lab' })
  ;(context as Record<string, unknown>)[KERNEL_GLOBAL] = kernel
  compile(hostSource, HOST_NAME).runInContext(context)
  const inside = BIND.runInContext(context) as { turn(): void; work: (() => void) | null }

  return {
    evaluate(artifact) {
      const script = parse(artifact)
      try {
        script.runInContext(context, { timeout: evaluate_ms })
      } catch (error) {
        throw timedOut(error) ? stalled(evaluate_ms) : new LanecheckError('subject_throws', `the artifact threw while it was evaluated: ${textOf(error)}`)
      }
    },
    turn: () => TURN.runInContext(context) as undefined,
    guarded(work, limit_ms) {
      inside.work = work
      try {
        WORK.runInContext(context, { timeout: limit_ms })
      } catch (error) {
        throw timedOut(error) ? stalled(limit_ms) : error
      } finally {
        inside.work = null
      }
    },
  }
}

function parse(artifact: string): vm.Script {
  try {
    return compile(artifact, ARTIFACT_NAME)
  } catch (error) {
    throw new LanecheckError('subject_does_not_parse', `the artifact is not a classic script: ${textOf(error)}`)
  }
}

const timedOut = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
const stalled = (limit_ms: number): LanecheckError =>
  new LanecheckError('lab_stalled', `the subject ran for more than ${Math.round(limit_ms / 1000)} s without yielding`)

/** Name and message of what was thrown, whatever it is. */
function textOf(error: unknown): string {
  try {
    const { name, message } = (error ?? {}) as Partial<Error>
    return typeof message === 'string' ? `${name}: ${message}` : String(error)
  } catch {
    return 'something without a text'
  }
}
