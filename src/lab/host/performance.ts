import { recordingAbsences } from './absent.js'
import { cloneValue } from './clone.js'
import { DOMException } from './dom-exception.js'
import { EventTarget } from './events.js'
import { expose, exposeInterfaces } from './expose.js'
import { kernel, now } from './kernel.js'

interface MarkOptions { startTime?: number; detail?: unknown }
interface MeasureOptions { start?: string | number; end?: string | number; duration?: number; detail?: unknown }

class PerformanceEntry {
  constructor(readonly name: string, readonly entryType: string, readonly startTime: number, readonly duration: number) {}
  toJSON(): object { return { ...this } }
}
class PerformanceMark extends PerformanceEntry {
  readonly detail: unknown
  constructor(name: string, { startTime = now(), detail = null }: MarkOptions = {}) {
    if (!(Number(startTime) >= 0)) throw new TypeError(`a mark cannot have the start time ${startTime}`)
    super(String(name), 'mark', Number(startTime), 0)
    this.detail = cloneValue(detail)
  }
}
class PerformanceMeasure extends PerformanceEntry {
  readonly detail: unknown
  constructor(name: string, start: number, duration: number, detail: unknown) {
    super(name, 'measure', start, duration)
    this.detail = cloneValue(detail)
  }
}

/** Source: User Timing Level 3, on the virtual clock. */
class Performance extends EventTarget {
  #entries: PerformanceEntry[] = []
  get timeOrigin(): number { return kernel.epoch_ms }
  now(): number { return now() }
  toJSON(): object { return { timeOrigin: this.timeOrigin } }
  mark(name: string, options?: MarkOptions): PerformanceMark {
    const mark = new PerformanceMark(name, options)
    this.#entries.push(mark)
    return mark
  }
  measure(name: string, given: string | MeasureOptions = {}, endMark?: string): PerformanceMeasure {
    const { start, end, duration, detail = null }: MeasureOptions = typeof given === 'string' ? { start: given } : (given ?? {})
    const until = endMark ?? end
    const to = until !== undefined ? this.#timeOf(until) : start !== undefined && duration !== undefined ? this.#timeOf(start) + duration : now()
    const from = start !== undefined ? this.#timeOf(start) : duration !== undefined ? to - duration : 0
    const measure = new PerformanceMeasure(String(name), from, to - from, detail)
    this.#entries.push(measure)
    return measure
  }
  #timeOf(point: string | number): number {
    if (typeof point === 'number') return point
    const mark = this.#entries.findLast((entry) => entry instanceof PerformanceMark && entry.name === point)
    if (mark === undefined) throw new DOMException(`The mark '${point}' does not exist.`, 'SyntaxError')
    return mark.startTime
  }
  getEntries(): PerformanceEntry[] { return [...this.#entries].sort((one, other) => one.startTime - other.startTime) }
  getEntriesByType(type: string): PerformanceEntry[] { return this.getEntries().filter((entry) => entry.entryType === type) }
  getEntriesByName(name: string, type?: string): PerformanceEntry[] {
    return this.getEntries().filter((entry) => entry.name === name && (type === undefined || entry.entryType === type))
  }
  #clear(type: string, name?: string): void {
    this.#entries = this.#entries.filter((entry) => entry.entryType !== type || (name !== undefined && entry.name !== name))
  }
  clearMarks(name?: string): void { this.#clear('mark', name) }
  clearMeasures(name?: string): void { this.#clear('measure', name) }
  /** The lab loads nothing that would be timed. */
  clearResourceTimings(): void { /* There are none. */ }
}

export function installPerformance(): void {
  exposeInterfaces({ Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure })
  expose('performance', recordingAbsences(new Performance(), 'performance'))
}
