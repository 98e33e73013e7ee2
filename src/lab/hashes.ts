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
  let before = '['
  for (const event of events) {
    const { ms: _ms, ...rest } = event
    hash.update(before + canonicalJson(rest))
    before = ','
  }
  return hash.update(events.length === 0 ? '[]' : ']').digest('hex')
}
