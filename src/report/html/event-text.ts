import type { MessageSummary } from '../../contract/message.js'
import type { LeftAlive, TraceEvent } from '../../contract/trace.js'

/** What stands elsewhere in a row, or is provenance only. */
const TOLD: ReadonlySet<string> = new Set(['seq', 'ticks', 'ms', 'witness', 'kind', 'id', 'peer'])
const DIGEST = /^[0-9a-f]{64}$/
const TEXT_LIMIT = 200

/** The rest of an event in one line, as in `text "hello" 5 B` or `code 1000 clean true`. */
export function eventText(event: TraceEvent): string {
  return Object.entries(event).filter(([name]) => !TOLD.has(name) && !(event.witness === 'bridge' && name === 'side')).map(([name, value]) => memberText(name, value)).filter((part) => part !== '').join(' ')
}

/** A message as a reader would write it: its text where that was kept, else its digest's beginning. */
export function messageText({ kind, length, sha256, text }: MessageSummary): string {
  return `${kind} ${text === undefined ? `${sha256.slice(0, 12)}…` : JSON.stringify(text)} ${length} B`
}

function memberText(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (isMessage(value)) return messageText(value)
  if (typeof value === 'string' && (DIGEST.test(value) || name === 'session')) return `${name} ${value.slice(0, 12)}…`
  if (Array.isArray(value)) return value.length === 0 ? '' : `${name} ${value.map(partText).join(value.some(isLeft) ? '; ' : ', ')}`
  return `${name} ${cut(typeof value === 'string' ? value : JSON.stringify(value))}`
}

/** Of what was left alive: the call that made it, and where that came from. */
const partText = (part: unknown): string => (isLeft(part) ? [part.call, ...part.stack].join(', ') : String(part))
const isLeft = (part: unknown): part is LeftAlive => typeof part === 'object' && part !== null && 'call' in part && 'stack' in part

const cut = (text: string): string => (text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text)

const isMessage = (value: unknown): value is MessageSummary => typeof value === 'object' && value !== null && 'sha256' in value && 'length' in value
