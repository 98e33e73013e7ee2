import type { SubjectTasks, SubjectTimers } from '../src/contract/subject.js'

/** Async calls over a subject's own timers, as its users would write them: they heed the signal, and leave nothing behind. */
export function tasksOver(timers: SubjectTimers): SubjectTasks {
  return {
    echo: async (input) => input,
    refuse: async (name) => { throw Object.assign(new Error('refused, as asked'), { name: String(name) }) },
    /** Fulfils with `ms` after so many. */
    after: (ms, { signal }) => new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const timer = timers.set(Number(ms), () => {
        signal.removeEventListener('abort', stop)
        resolve(ms)
      })
      const stop = (): void => {
        signal.removeEventListener('abort', stop)
        timers.clear(timer)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop)
    }),
    /** Reports 1, 2, … every `ms` until the signal ends it. */
    count: (ms, { signal, report }) => new Promise((_, reject) => {
      let counted = 0
      let timer: unknown = null
      const next = (): void => {
        timer = timers.set(Number(ms), () => {
          next()
          report(++counted)
        })
      }
      const stop = (): void => {
        signal.removeEventListener('abort', stop)
        timers.clear(timer)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop)
      next()
    }),
  }
}
