import { TASK } from '../kernel-types.js'
import { expose } from './expose.js'
import { report } from './global-events.js'
import { kernel, now } from './kernel.js'

interface Timer { handler: (...given: unknown[]) => unknown; given: unknown[]; delay_ms: number; repeat: boolean; nesting: number; slot: number }

/** HTML: from this nesting level on, a delay below `CLAMP_MS` becomes `CLAMP_MS`. */
const CLAMP_FROM = 5
const CLAMP_MS = 4

const timers = new Map<number, Timer>()
let count = 0
/** The nesting level of the running task; 0 when it is no timer's. */
let nesting = 0

/** Before each task: its microtasks still belong to it. */
export function leaveTimer(): void {
  nesting = 0
}

export function runTimer(id: number): void {
  const timer = timers.get(id)
  if (timer === undefined) return
  if (!timer.repeat) timers.delete(id)
  nesting = timer.nesting
  try {
    const { given } = timer
    if (given.length === 0) timer.handler.call(globalThis)
    else timer.handler.apply(globalThis, given)
  } catch (error) {
    report(error)
  }
  if (timer.repeat && timers.get(id) === timer) arm(id, timer)
}

function arm(id: number, timer: Timer): void {
  const delay_ms = nesting >= CLAMP_FROM && timer.delay_ms < CLAMP_MS ? CLAMP_MS : timer.delay_ms
  timer.nesting = nesting + 1
  timer.slot = kernel.schedule(TASK.timer, now() + delay_ms, id)
}

/** WebIDL's `long`: delays of 2^31 ms and more wrap around; what is then negative is 0. */
function toDelay(given: unknown): number {
  const delay_ms = Number(given) | 0
  return delay_ms < 0 ? 0 : delay_ms
}

function toHandler(given: unknown): Timer['handler'] {
  if (typeof given === 'function') return given as Timer['handler']
  const source = String(given)
  return () => (0, eval)(source)
}

function set(handler: unknown, delay: unknown, repeat: boolean, given: unknown[]): number {
  const id = ++count
  const timer: Timer = { handler: toHandler(handler), given, delay_ms: toDelay(delay), repeat, nesting: 0, slot: -1 }
  timers.set(id, timer)
  arm(id, timer)
  return id
}

function clear(given?: unknown): void {
  const id = Number(given) | 0
  const timer = timers.get(id)
  if (timer === undefined) return
  timers.delete(id)
  kernel.cancel(timer.slot)
}

export function installTimers(): void {
  expose('setTimeout', function setTimeout(handler: unknown, delay?: unknown, ...given: unknown[]) { return set(handler, delay, false, given) })
  expose('setInterval', function setInterval(handler: unknown, delay?: unknown, ...given: unknown[]) { return set(handler, delay, true, given) })
  expose('clearTimeout', function clearTimeout(id?: unknown) { clear(id) })
  expose('clearInterval', function clearInterval(id?: unknown) { clear(id) })
  const ready = Promise.resolve()
  const then = ready.then.bind(ready) as (run: () => void) => Promise<void>
  expose('queueMicrotask', function queueMicrotask(callback: unknown) {
    if (typeof callback !== 'function') throw new TypeError('queueMicrotask wants a function')
    void then(() => {
      try {
        (callback as () => void)()
      } catch (error) {
        report(error)
      }
    })
  })
}
