import { recordingAbsences } from './absent.js'
import { expose, exposeInterfaces } from './expose.js'
import { kernel } from './kernel.js'
import { baseUrl } from './messages.js'
import { installPerformance } from './performance.js'
import { URL } from './url.js'

/** Places in a stack that are the lab's own, or the machine's. */
const OWN_PLACE = /^(?:\/|[A-Za-z]:\\|file:|node:|lanecheck-lab-host)/

interface Site { getFileName(): string | null | undefined; toString(): string }
const isSubjects = (site: Site): boolean => !OWN_PLACE.test(site.getFileName() ?? '')

const text = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (value instanceof Error) return `${value.name}: ${value.message}`
  try {
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

function installConsole(): void {
  const write = (level: string) => (...given: unknown[]): void => kernel.log(`${level}: ${given.map(text).join(' ')}`)
  const nothing = (): void => undefined
  const levels = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'dirxml', 'table', 'group', 'groupCollapsed']
  const quiet = ['groupEnd', 'time', 'timeEnd', 'timeLog', 'count', 'countReset', 'clear', 'profile', 'profileEnd', 'timeStamp']
  expose('console', {
    ...Object.fromEntries(levels.map((level) => [level, write(level)])),
    ...Object.fromEntries(quiet.map((name) => [name, nothing])),
    assert: (holds: unknown, ...given: unknown[]): void => { if (!holds) write('assert')(...given) },
  })
}

/** A lab's collector never runs as far as a subject can tell: when it does is the machine's business. */
class WeakRef<Target extends WeakKey> {
  readonly #target: Target
  constructor(target: Target) { this.#target = target }
  deref(): Target { return this.#target }
}
class FinalizationRegistry {
  constructor(cleanup: unknown) {
    if (typeof cleanup !== 'function') throw new TypeError('FinalizationRegistry: cleanup must be callable')
  }
  register(): void { /* Nothing is ever collected. */ }
  unregister(): boolean { return false }
}

function takeAwayTheMachine(): void {
  exposeInterfaces({ WeakRef, FinalizationRegistry })
  Object.defineProperty(Atomics, 'wait', { value: () => { throw new TypeError('Atomics.wait cannot be called in this context') }, writable: true, configurable: true })
  // Whose frames lie under a callback, and in which folder, differs from machine to machine.
  Object.defineProperty(Error, 'prepareStackTrace', {
    writable: true, configurable: true, enumerable: false,
    value: (error: unknown, sites: Site[]) =>
      [text(error), ...sites.filter(isSubjects).map((site) => `    at ${site.toString()}`)].join('\n'),
  })
}

/**
 * What packages look for before they take anything from the global object: `web_sys::window()` an instance of Window, others one of a worker's scope.
 * The lab stands for every role and proves none, so it passes for both; what only one of them has is absent, and named.
 */
function passForEveryScope(): void {
  for (const name of ['Window', 'WorkerGlobalScope']) {
    const scope = { [name]: class { constructor() { throw new TypeError('Illegal constructor') } } }[name]!
    Object.defineProperty(scope, Symbol.hasInstance, { value: (given: unknown) => given === globalThis })
    expose(name, scope)
  }
}

export function installPlatform(): void {
  installConsole()
  takeAwayTheMachine()
  passForEveryScope()
  installPerformance()
  const navigator = { userAgent: 'lanecheck-lab', onLine: true, language: 'en-US', languages: Object.freeze(['en-US']), hardwareConcurrency: 1 }
  expose('navigator', recordingAbsences(navigator, 'navigator'))
  const { href, origin, protocol, host, hostname, port, pathname, search, hash } = new URL(baseUrl)
  expose('location', Object.freeze({ href, origin, protocol, host, hostname, port, pathname, search, hash, toString: () => href }))
  expose('origin', origin)
  expose('self', globalThis)
  expose('isSecureContext', true)
  expose('crossOriginIsolated', false)
}
