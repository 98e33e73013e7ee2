import { native } from './natives.js'

/** A limit on a wait, in ms of the host's own clock; cancel it when the wait is over. */
export function alarm(ms: number): { rang: Promise<void>; cancel(): void } {
  let cancel = (): void => undefined
  const rang = new Promise<void>((ring) => {
    const handle = native.setTimeout(ring, ms)
    cancel = () => native.clearTimeout(handle)
  })
  return { rang, cancel }
}
