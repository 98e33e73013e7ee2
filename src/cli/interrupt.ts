import { setMaxListeners } from 'node:events'
import { endAll } from '../../lanes/processes.js'

/** Aborts on the first Ctrl-C or SIGTERM, so that what was gathered is kept; a second one ends what runs and leaves. */
export function interruptible(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  // Every realm under way listens.
  setMaxListeners(0, controller.signal)
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      endAll()
      process.exit(3)
    }
    process.stderr.write('\nstopping; what was gathered is kept (once more to leave at once)\n')
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
