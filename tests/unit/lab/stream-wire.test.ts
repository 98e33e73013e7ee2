import { describe, expect, it } from 'vitest'
import type { PeerModel } from '../../../src/contract/scenario.js'
import { H2_ORIGIN, LAB_ORIGIN, locate } from '../../../src/lab/net/addresses.js'
import { createStreamReader } from '../../../src/lab/net/wire.js'
import { scenarioOf } from '../judge/traces.js'

const bytes = Uint8Array.of(1, 2)
const kinds = (parts: ReturnType<ReturnType<typeof createStreamReader>['end']>): string[] => parts.map(({ type }) => type)

describe('T0 http_surface: an HTTP/2 stream in the lab', () => {
  it('ends where its frames end it, whatever a field says of its length; nothing comes after', () => {
    const wire = createStreamReader()
    expect(wire.head(200, [['X-Seen', 'Yes'], ['content-length', '99']])).toEqual([{ type: 'head', status: 200, status_text: '', headers: [['x-seen', 'Yes'], ['content-length', '99']] }])
    expect([wire.framed(bytes), wire.framed(new Uint8Array()), wire.end(), wire.framed(bytes), wire.end(), wire.closed()].map(kinds)).toEqual([['body'], [], ['complete'], [], [], []])
  })
  it('a reset breaks it, before its head and after; an answer without a body is whole at its head', () => {
    expect(kinds(createStreamReader().closed())).toEqual(['broken'])
    const wire = createStreamReader()
    expect([wire.head(200, []), wire.closed()].map(kinds)).toEqual([['head'], ['broken']])
    expect(kinds(createStreamReader().head(204, []))).toEqual(['head', 'complete'])
  })
  it('a peer is found at the origin of its version alone', () => {
    const peer = (http_version?: 'h2'): PeerModel => ({ kind: 'http', exchanges: [{ actions: [] }], ...(http_version === undefined ? {} : { http_version }) })
    const scenario = scenarioOf({ peers: { multi: peer('h2'), plain: peer() } })
    const where = (url: string): string => locate(url, scenario).where
    expect([`${H2_ORIGIN}/lab/peer/multi/x`, `${LAB_ORIGIN}/lab/peer/plain/x`].map(where)).toEqual(['peer', 'peer'])
    expect([`${LAB_ORIGIN}/lab/peer/multi/x`, `${H2_ORIGIN}/lab/peer/plain/x`].map(where)).toEqual(['unknown', 'unknown'])
    expect([H2_ORIGIN.replace('https', 'http'), 'https://127.0.0.1:4/', 'https://example.org/'].map(where)).toEqual(['refused', 'refused', 'outside'])
  })
})
