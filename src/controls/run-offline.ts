import type { OfflineControl } from './control.js'
import { openBench } from './bench.js'

/** What one control came to. */
export interface ControlAnswer {
  id: string
  /** The engine it ran in; null for one that needs none. */
  engine: string | null
  required: string
  given: string
  right: boolean
}

/** Runs offline controls one after another. `planted`: false leaves the faults out. Stops early when asked to. */
export async function runOffline(controls: readonly OfflineControl[], { planted = true, signal }: { planted?: boolean; signal?: AbortSignal } = {}): Promise<ControlAnswer[]> {
  if (controls.length === 0) return []
  const bench = await openBench({ planted })
  const answers: ControlAnswer[] = []
  try {
    for (const { id, required, given: ask } of controls) {
      if (signal?.aborted === true) break
      const given = await ask(bench)
      answers.push({ id, engine: null, required, given, right: given === required })
    }
    return answers
  } finally {
    await bench.close()
  }
}
