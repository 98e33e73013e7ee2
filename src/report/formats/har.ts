import type { Entry, Har, Page, Response } from 'har-format'
import type { PeerEvent } from '../../contract/trace.js'
import type { Verdict } from '../../contract/verdict.js'
import type { ReportBundle, ReportInput } from './report-input.js'

/** What the format has for a number nobody measured. */
const UNKNOWN = -1
const BODY_MIME = 'application/octet-stream'

/**
 * The traffic of a run as the peers saw it, as HAR 1.2: a page for each attempt at a cell, an entry for each request and WebSocket connection.
 * Headers and contents are not captured and stay empty; lengths are those of bodies. Times are provenance only. Source: HAR 1.2.
 */
export function harReport(input: ReportInput): Har {
  const kept = input.ledger.verdicts.flatMap((verdict) => {
    const bundle = input.bundleOf(verdict)
    return bundle === null ? [] : attemptsOf(verdict, bundle)
  })
  return {
    log: {
      version: '1.2',
      creator: { name: 'lanecheck', version: input.ledger.run.lanecheck_version },
      pages: kept.map(({ page }) => page),
      entries: kept.flatMap(({ entries }) => entries),
    },
  }
}

interface AttemptTraffic { page: Page; entries: Entry[] }

function attemptsOf(verdict: Verdict, { scenario, run, capture }: ReportBundle): AttemptTraffic[] {
  const attempts = [...new Set(capture.map(({ attempt }) => attempt))]
  return attempts.map((attempt) => {
    const id = `${verdict.cell_id}#${attempt}`
    const connections = new Map<string, PeerEvent[]>()
    for (const line of capture) {
      if (line.attempt !== attempt || line.event.witness !== 'peer') continue
      const key = `${line.event.peer}/${line.event.id}/${line.event.connection}`
      connections.set(key, [...(connections.get(key) ?? []), line.event as PeerEvent])
    }
    const entries = [...connections.values()].flatMap((events) => entryOf(id, run.started_at, events))
    const title = `${scenario.title} (${verdict.lane_id}, ${verdict.verdict})`
    return { page: { id, title, startedDateTime: run.started_at, pageTimings: {} }, entries }
  })
}

function entryOf(pageref: string, started_at: string, events: readonly PeerEvent[]): Entry[] {
  const request = events.find((event) => event.kind === 'peer.request')
  const socket = events.find((event) => event.kind === 'peer.connected')
  const first = request ?? socket
  const last = events.at(-1)
  if (first === undefined || last === undefined) return []
  const time = Math.max(0, last.ms - first.ms)
  const url = `${socket === undefined ? 'http' : 'ws'}://127.0.0.1/${first.peer}/${first.id}${request?.path ?? ''}`
  const body = events.find((event) => event.kind === 'peer.request_body')?.body.length ?? 0
  const version = request?.http_version ?? 'HTTP/1.1'
  return [{
    pageref, time,
    startedDateTime: at(started_at, first.ms),
    request: {
      method: request?.method ?? 'GET', url, httpVersion: version, cookies: [], headers: [], queryString: [], headersSize: UNKNOWN, bodySize: body,
      ...(body === 0 ? {} : { postData: { mimeType: BODY_MIME, text: '', params: [] as never } }),
    },
    response: responseOf(events, version),
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    comment: howItEnded(events),
    ...(socket === undefined ? {} : { _resourceType: 'websocket' as const, _webSocketMessages: messagesOf(started_at, events) }),
  } as Entry]
}

function responseOf(events: readonly PeerEvent[], httpVersion: string): Response {
  const head = events.find((event) => event.kind === 'peer.head_sent' || event.kind === 'peer.rejected')
  const accepted = events.some((event) => event.kind === 'peer.accepted')
  const bytes = events.reduce((sum, event) => sum + (event.kind === 'peer.body_sent' || event.kind === 'peer.raw_sent' ? event.bytes : 0), 0)
  // The format wants a number; 0 is what browsers write for a request that was never answered.
  const status = head?.status ?? (accepted ? 101 : 0)
  return {
    status, statusText: '', httpVersion, cookies: [], headers: [], redirectURL: '', headersSize: UNKNOWN, bodySize: bytes,
    content: { size: bytes, mimeType: bytes === 0 ? 'x-unknown' : BODY_MIME },
  }
}

const ENDS: ReadonlySet<PeerEvent['kind']> = new Set(['peer.ended', 'peer.destroyed', 'peer.aborted', 'peer.rejected', 'peer.terminated', 'peer.closed'])

/** How the peer saw it end, by its own token; a request's body may come in later than that. */
const howItEnded = (events: readonly PeerEvent[]): string => `peer saw: ${events.findLast(({ kind }) => ENDS.has(kind))?.kind ?? 'no end'}`

function messagesOf(started_at: string, events: readonly PeerEvent[]): Array<{ type: 'send' | 'receive'; time: number; opcode: 1 | 2; data: string }> {
  return events.flatMap((event) => {
    if (event.kind !== 'peer.message' && event.kind !== 'peer.sent') return []
    const { kind, text, length, sha256 } = event.message
    return [{
      type: event.kind === 'peer.message' ? 'send' as const : 'receive' as const, time: (Date.parse(started_at) + event.ms) / 1000, opcode: kind === 'text' ? 1 as const : 2 as const,
      data: text ?? `${length} bytes, SHA-256 ${sha256}`,
    }]
  })
}

const at = (started_at: string, ms: number): string => new Date(Date.parse(started_at) + ms).toISOString()
