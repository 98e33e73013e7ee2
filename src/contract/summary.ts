import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { SUMMARY_TEXT_LIMIT, payloads, type MessageSpec, type MessageSummary } from './message.js'
import { isWellFormed } from './well-formed.js'

const encoder = new TextEncoder()

type HashHex = (bytes: Uint8Array) => string
let hashHex: HashHex = (bytes) => bytesToHex(sha256(bytes))

/** Has a host's own SHA-256 do the work where it has a synchronous one; the digests are the same. */
export function hashWith(hash: HashHex): void {
  hashHex = hash
}

/** What a witness keeps of a message; text is hashed as UTF-8. Text with a lone surrogate, which has no such form, is hashed as JSON writes it, so that it is the same as no other, and is not repeated. */
export function summarize(data: string | Uint8Array): MessageSummary {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data
  if (typeof data === 'string' && !isWellFormed(data)) return { kind: 'text', length: bytes.length, sha256: hashHex(encoder.encode(JSON.stringify(data))) }
  const summary: MessageSummary = { kind: typeof data === 'string' ? 'text' : 'binary', length: bytes.length, sha256: hashHex(bytes) }
  if (typeof data === 'string' && data.length <= SUMMARY_TEXT_LIMIT) summary.text = data
  return summary
}

const ofSpec = new WeakMap<MessageSpec, MessageSummary[]>()

/** Summaries of a message spec's payloads, in order; made once for each spec. */
export function summarizeSpec(spec: MessageSpec): MessageSummary[] {
  const summaries = ofSpec.get(spec) ?? payloads(spec).map(summarize)
  ofSpec.set(spec, summaries)
  return summaries
}

/** Longest canonical JSON, in characters, that a summary repeats: a reader is to see what a call gave. */
export const JSON_TEXT_LIMIT = 2_000

/** What a witness keeps of a value with a form in JSON, given its canonical text. */
export const summarizeJson = (text: string): MessageSummary => ({ ...summarize(text), ...(text.length <= JSON_TEXT_LIMIT ? { text } : {}) })
