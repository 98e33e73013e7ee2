import { replace } from './timers.js'

const TEXT_LIMIT = 2000
/** As Rust's panic hooks write it: `panicked at src/lib.rs:1:2:` and what was said. */
const PANICKED = /panicked at /

let last: string | null = null

/** The last panic that was told to the console; it is told of once. */
export function takePanic(): string | null {
  const told = last
  last = null
  return told
}

/** Listens to `console.error`, by which console_error_panic_hook and its like tell why the trap comes that follows. */
export function recordPanics(realm: typeof globalThis): void {
  const { console: ours } = realm
  if (typeof ours !== 'object') return
  const tell = ours.error
  const error = (...given: unknown[]): void => {
    const text = given.filter((part) => typeof part === 'string').join(' ')
    if (PANICKED.test(text)) last = firstLines(text)
    tell.apply(ours, given)
  }
  // A copy, so that the console itself is left as it was: over a bridge it is the server's own. What a subject puts in the place of `error` is found there as it put it.
  const copy = Object.create(Object.getPrototypeOf(ours) as object, Object.getOwnPropertyDescriptors(ours)) as Console
  replace(copy, 'error', error)
  replace(realm, 'console', copy)
}

/** Without the stack that some hooks add: it is the trap's own. */
const firstLines = (text: string): string => text.split(/\n\s*Stack:/)[0]!.trim().slice(0, TEXT_LIMIT)
