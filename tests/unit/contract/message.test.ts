import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { SUMMARY_TEXT_LIMIT, payloads, type MessageSpec } from '../../../src/contract/message.js'
import { hashWith, summarize, summarizeSpec } from '../../../src/contract/summary.js'
import { MessageSummarySchema } from '../../../src/contract/trace.js'

const sha = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

describe('T0 virtual_transport_surface: messages as data', () => {
  it('text as it is, or numbered from 0', () => {
    expect(payloads({ kind: 'text', text: 'a' })).toEqual(['a'])
    expect(payloads({ kind: 'text', text: 'a', count: 3 })).toEqual(['a-0', 'a-1', 'a-2'])
    expect(payloads({ kind: 'text', text: '' })).toEqual([''])
  })

  it('text without a form in UTF-8 is not repeated, and is the same as no other text', () => {
    const [half, other, replaced] = ['\ud83d', '\ude00', '\ufffd'].map((text) => summarize(text))
    expect(half).toEqual({ kind: 'text', length: 3, sha256: expect.any(String) as unknown })
    expect(new Set([half!.sha256, other!.sha256, replaced!.sha256]).size).toBe(3)
    expect(summarize('👍').text).toBe('👍')
  })

  it('bytes from hex', () => {
    expect(payloads({ kind: 'hex', hex: '00ff7f' })).toEqual([Uint8Array.of(0, 255, 127)])
    expect(payloads({ kind: 'hex', hex: '' })).toEqual([new Uint8Array(0)])
  })

  it.each([0, 1, 255, 256, 257, 65_537])('fills of length %i are of that length and always the same', (length) => {
    const [text] = payloads({ kind: 'fill_text', length }) as [string]
    const [bytes] = payloads({ kind: 'fill_binary', length }) as [Uint8Array]
    expect([text.length, bytes.length, Buffer.byteLength(text)]).toEqual([length, length, length])
    expect(sha(payloads({ kind: 'fill_binary', length })[0]!)).toBe(sha(bytes))
  })

  it('a fill\'s pieces cannot be swapped unseen', () => {
    const [bytes] = payloads({ kind: 'fill_binary', length: 1024 }) as [Uint8Array]
    expect(sha(bytes.slice(0, 256))).not.toBe(sha(bytes.slice(256, 512)))
  })
})

describe('T0 virtual_transport_surface: what a witness keeps of a message', () => {
  const natively = (bytes: Uint8Array): string => sha(bytes)
  afterEach(() => { hashWith(natively) })

  it.each(['', 'hello', 'é€😀', 'x'.repeat(SUMMARY_TEXT_LIMIT), 'x'.repeat(SUMMARY_TEXT_LIMIT + 1)])('of the text %j: length in bytes, digest of its UTF-8, itself when short', (text) => {
    const summary = MessageSummarySchema.parse(summarize(text))
    expect(summary).toEqual({ kind: 'text', length: Buffer.byteLength(text), sha256: sha(text), ...(text.length <= SUMMARY_TEXT_LIMIT ? { text } : {}) })
  })

  it('of bytes: the same digest as of the same text, and another kind', () => {
    expect(summarize(new TextEncoder().encode('hello'))).toEqual({ kind: 'binary', length: 5, sha256: sha('hello') })
    expect(summarize('hello').kind).toBe('text')
  })

  it('every way to hash is used when it is given, and gives the same', async () => {
    const { sha256 } = await import('@noble/hashes/sha2.js')
    const bytes = payloads({ kind: 'fill_binary', length: 70_000 })[0]!
    let asked = 0
    hashWith((data) => { asked += 1; return Buffer.from(sha256(data)).toString('hex') })
    const own = summarize(bytes)
    hashWith(natively)
    expect(summarize(bytes)).toEqual(own)
    expect(asked).toBe(1)
  })

  it('a spec is summarized once, in order', () => {
    const spec: MessageSpec = { kind: 'text', text: 'm', count: 2 }
    expect(summarizeSpec(spec)).toEqual([summarize('m-0'), summarize('m-1')])
    expect(summarizeSpec(spec)).toBe(summarizeSpec(spec))
  })
})
