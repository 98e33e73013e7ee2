import { unixNow } from './date.js'

const LOCALE = 'en-US'
const ZONE = 'UTC'

type Constructor = (abstract new (...given: unknown[]) => object) & { prototype: object }
type Method = (this: unknown, ...given: unknown[]) => unknown

/** Replaces methods by ones that fill in what a machine would add of its own. */
function wrap(target: object, names: string[], fill: (given: unknown[]) => unknown[]): void {
  for (const name of names) {
    const original = (target as Record<string, Method | undefined>)[name]
    if (original === undefined) continue
    const value = { [name](this: unknown, ...given: unknown[]) { return original.apply(this, fill(given)) } }[name]
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false })
  }
}

const withLocaleAt = (place: number) => (given: unknown[]): unknown[] => {
  const filled = [...given]
  while (filled.length <= place) filled.push(undefined)
  filled[place] ??= LOCALE
  return filled
}
const withZone = (given: unknown[]): unknown[] => [given[0] ?? LOCALE, { timeZone: ZONE, ...definedOnly(given[1]) }]
const definedOnly = (options: unknown): object =>
  Object.fromEntries(Object.entries((options ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined))

/** A formatter made without a locale or zone takes the lab's, not the machine's. */
function replaceConstructor(name: string, Original: Constructor): void {
  const fill = name === 'DateTimeFormat' ? withZone : withLocaleAt(0)
  const Replaced = new Proxy(Original, {
    construct: (target, given: unknown[], newTarget) => Reflect.construct(target, fill(given), newTarget) as object,
    apply: (target, self: unknown, given: unknown[]) => Reflect.apply(target as unknown as Method, self, fill(given)),
  })
  Object.defineProperty(Original.prototype, 'constructor', { value: Replaced, writable: true, configurable: true })
  Object.defineProperty(Intl, name, { value: Replaced, writable: true, configurable: true, enumerable: false })
}

/** Formatting no date formats the present, which is virtual here. */
function formatVirtualPresent(prototype: Intl.DateTimeFormat): void {
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'format')!
  Object.defineProperty(prototype, 'format', {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format = get!.call(this) as (date: unknown) => string
      return (date?: unknown) => format(date === undefined ? unixNow() : date)
    },
  })
  wrap(prototype, ['formatToParts'], ([date]) => [date === undefined ? unixNow() : date])
}

/** Takes the machine's own locale, time zone and clock out of `Intl` and of the `toLocale…` methods. */
export function installIntl(): void {
  formatVirtualPresent(Intl.DateTimeFormat.prototype)
  for (const name of Object.getOwnPropertyNames(Intl)) {
    const made: unknown = (Intl as unknown as Record<string, unknown>)[name]
    if (typeof made === 'function' && /^[A-Z]/.test(name) && name !== 'Locale') replaceConstructor(name, made as unknown as Constructor)
  }
  wrap(Date.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], withZone)
  wrap(Number.prototype, ['toLocaleString'], withLocaleAt(0))
  wrap(BigInt.prototype, ['toLocaleString'], withLocaleAt(0))
  wrap(String.prototype, ['toLocaleLowerCase', 'toLocaleUpperCase'], withLocaleAt(0))
  wrap(String.prototype, ['localeCompare'], withLocaleAt(1))
}
