import type { CanaryOrder } from '../../src/contract/realm-protocol.js'
import { native } from '../natives.js'

/** Well after the scenario began and was heard of, in ms. */
const PLANTED_AFTER_MS = 30
/** Much longer than Node waits for a sign of life; not for ever, so that nothing of it can stay. */
const BUSY_MS = 15_000

const FAULTS: Record<CanaryOrder['fault'], () => void> = {
  none: () => undefined,
  hang: () => { for (const end = native.now() + BUSY_MS; native.now() < end;); },
  // A worker ends itself; nobody is told.
  crash: () => (globalThis as unknown as { close(): void }).close(),
}

/** Has the realm do something to itself in the middle of what it is about to run. */
export const plant = (fault: CanaryOrder['fault']): void => void native.setTimeout(FAULTS[fault], PLANTED_AFTER_MS)
