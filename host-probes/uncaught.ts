import { native } from './natives.js'

type Hear = (where: 'uncaught' | 'unhandled rejection', thrown: unknown) => void

/** Who hears of what nobody caught, the last one first; while there is one, the realm's last resort is listened to. */
const hearers: Hear[] = []

const onError = (event: Event): void => hearers.at(-1)?.('uncaught', (event as ErrorEvent).error ?? new Error((event as ErrorEvent).message))
const onRejection = (event: Event): void => hearers.at(-1)?.('unhandled rejection', (event as PromiseRejectionEvent).reason)

/** What reaches the realm's last resort while a subject starts or runs was thrown by it: in a timer's callback, say, or by an async export. */
export function hearUncaught(hear: Hear): { release(): void } {
  const { addEventListener, removeEventListener } = native
  if (addEventListener === undefined || removeEventListener === undefined) return { release: () => undefined }
  // Added at every call, of which all but the first do nothing: a subject's own listeners come after.
  addEventListener('error', onError)
  addEventListener('unhandledrejection', onRejection)
  hearers.push(hear)
  return {
    release: () => {
      hearers.splice(hearers.indexOf(hear), 1)
      if (hearers.length > 0) return
      removeEventListener('error', onError)
      removeEventListener('unhandledrejection', onRejection)
    },
  }
}
