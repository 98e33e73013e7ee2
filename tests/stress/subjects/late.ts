import type { SubjectTimers } from '../../../src/contract/subject.js'

/** More than any window of a timer scenario is wide, in ms. */
const LATE_MS = 150

/** Timers that fire behind their time: their thread is busy first, which is what a loaded machine looks like from inside. */
export const late = (sound: SubjectTimers): SubjectTimers => ({ ...sound, set: (ms, fire) => sound.set(ms, () => { busy(LATE_MS); fire() }) })

function busy(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;) continue
}
