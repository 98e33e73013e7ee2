import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { SUMMARY_TEXT_LIMIT, type MessageSummary } from './message.js'

const encoder = new TextEncoder()

/** What a witness keeps of a message; text is hashed as UTF-8. */
export function summarize(data: string | Uint8Array): MessageSummary {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data
  const summary: MessageSummary = { kind: typeof data === 'string' ? 'text' : 'binary', length: bytes.length, sha256: bytesToHex(sha256(bytes)) }
  if (typeof data === 'string' && data.length <= SUMMARY_TEXT_LIMIT) summary.text = data
  return summary
}
