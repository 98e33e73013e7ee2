import { expose } from './expose.js'
import { kernel, now } from './kernel.js'

const RealDate = Date
const LOCAL_PARTS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const
const HAS_ZONE = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\s*(?:\([^)]*\))?\s*$/i
const DATE_ALONE = /^\s*[+-]?\d{4,6}(?:-\d\d){0,2}\s*$/

/** Virtual Unix time in whole ms. */
export const unixNow = (): number => Math.trunc(kernel.epoch_ms + now())

/** Reads a text as Date does, where a local time is UTC's. */
function parse(text: string): number {
  if (DATE_ALONE.test(text) || HAS_ZONE.test(text)) return RealDate.parse(text)
  const iso = RealDate.parse(`${text}Z`)
  return Number.isNaN(iso) ? RealDate.parse(`${text} UTC`) : iso
}

function timeOf(given: unknown[]): number {
  if (given.length === 0) return unixNow()
  if (given.length > 1) return RealDate.UTC(...(given as Parameters<typeof Date.UTC>))
  const [value] = given
  if (value instanceof RealDate) return value.getTime()
  const primitive = typeof value === 'object' && value !== null ? toPrimitive(value) : value
  return typeof primitive === 'string' ? parse(primitive) : Number(primitive)
}

function toPrimitive(value: object): unknown {
  const convert = (value as { [Symbol.toPrimitive]?: (hint: string) => unknown })[Symbol.toPrimitive]
  if (convert !== undefined) return convert.call(value, 'default')
  const plain: unknown = value.valueOf()
  return typeof plain === 'object' ? String(value) : plain
}

const dateText = (date: Date): string => date.toUTCString().replace(/^(\w+), (\d+) (\w+) (-?\d+) .*$/, '$1 $3 $2 $4')
const timeText = (date: Date): string => `${date.toUTCString().slice(-12)}+0000 (Coordinated Universal Time)`

/** Makes the local time zone UTC, so that a machine's own shows nowhere. */
function useUtc(prototype: Record<string, unknown>): void {
  for (const part of LOCAL_PARTS) {
    prototype[`get${part}`] = prototype[`getUTC${part}`]
    if (part !== 'Day') prototype[`set${part}`] = prototype[`setUTC${part}`]
  }
  const whole = (write: (date: Date) => string) => function (this: Date): string {
    return Number.isNaN(this.getTime()) ? 'Invalid Date' : write(this)
  }
  prototype.getTimezoneOffset = function (this: Date) { return this.getTime() * 0 }
  prototype.getYear = function (this: Date) { return this.getUTCFullYear() - 1900 }
  prototype.toString = whole((date) => `${dateText(date)} ${timeText(date)}`)
  prototype.toDateString = whole(dateText)
  prototype.toTimeString = whole(timeText)
}

export function installDate(): void {
  function LabDate(...given: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(unixNow()).toString()
    return Reflect.construct(RealDate, [timeOf(given)], new.target)
  }
  Object.defineProperty(LabDate, 'name', { value: 'Date' })
  Object.defineProperty(LabDate, 'length', { value: 7 })
  Object.defineProperty(LabDate, 'prototype', { value: RealDate.prototype, writable: false })
  Object.assign(LabDate, { now: unixNow, parse: (text: unknown) => parse(String(text)), UTC: RealDate.UTC })
  const prototype = RealDate.prototype as unknown as Record<string, unknown>
  Object.defineProperty(prototype, 'constructor', { value: LabDate, writable: true, configurable: true })
  const before = Object.getOwnPropertyDescriptors(prototype)
  useUtc(prototype)
  for (const name of Object.keys(prototype)) Object.defineProperty(prototype, name, { enumerable: before[name]?.enumerable ?? false })
  expose('Date', LabDate)
}
