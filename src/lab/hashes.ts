import { createHash } from 'node:crypto'
import { canonicalJson } from '../evidence/canonical-json.js'
import type { TraceEvent } from '../contract/trace.js'

const RECORD_BYTES = 9
const BUFFERED_RECORDS = 4096

export interface ScheduleHash {
  add(due_ms: number, kind: number): void
  /** SHA-256 in hex of all that was added; ends the hash. */
  digest(): string
}

/** Hashes the tasks run, in order: the due time as a little-endian double, then the kind's code. */
export function createScheduleHash(): ScheduleHash {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(RECORD_BYTES * BUFFERED_RECORDS)
  const view = new DataView(buffer.buffer)
  let at = 0
  return {
    add(due_ms, kind) {
      view.setFloat64(at, due_ms, true)
      buffer[at + 8] = kind
      at += RECORD_BYTES
      if (at < buffer.length) return
      hash.update(buffer)
      at = 0
    },
    digest: () => hash.update(buffer.subarray(0, at)).digest('hex'),
  }
}

/** SHA-256 in hex over the canonical JSON of the events, `ms` left out: it is provenance. Throws `evidence_invalid`. */
export function eventHash(events: readonly TraceEvent[]): string {
  const hash = createHash('sha256')
  let [text, separator] = ['[', '']
  for (const event of events) {
    text += separator + canonicalEvent(event)
    separator = ','
    if (text.length < TEXT_CHUNK) continue
    hash.update(text)
    text = ''
  }
  return hash.update(`${text}]`).digest('hex')
}

const TEXT_CHUNK = 64 * 1024
/** By kind, the sorted names of the last event's members: events of a kind rarely differ in them. */
const namesOf = new Map<string, string[]>()

/** The same text as `canonicalJson` gives, faster for the flat members that an event mostly has. */
function canonicalEvent(event: TraceEvent): string {
  const members = event as unknown as Record<string, unknown>
  let names = namesOf.get(event.kind)
  if (names === undefined || names.length !== Object.keys(event).length - 1 || !names.every((name) => Object.hasOwn(event, name))) {
    names = Object.keys(event).filter((name) => name !== 'ms').sort()
    namesOf.set(event.kind, names)
  }
  let text = '{'
  for (const name of names) text += `${text === '{' ? '' : ','}"${name}":${canonicalMember(members[name])}`
  return `${text}}`
}

/** Ids, kinds and witnesses come again and again. */
const quoted = new Map<string, string>()
const QUOTED_LIMIT = 10_000
const QUOTED_LENGTH = 64

function canonicalMember(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return canonicalJson(value)
  const known = quoted.get(value)
  if (known !== undefined) return known
  const text = canonicalJson(value)
  if (quoted.size < QUOTED_LIMIT && text.length < QUOTED_LENGTH) quoted.set(value, text)
  return text
}
