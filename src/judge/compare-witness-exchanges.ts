import type { NormalizedRecord } from '../contract/record.js'
import { differs, finding, type Finding, type Place } from './findings.js'

type ExchangeRecord = NormalizedRecord['semantic']['exchanges'][string]
type PageExchange = NormalizedRecord['witnessed']['page']['exchanges'][string]
type PeerExchange = NormalizedRecord['witnessed']['peer']['exchanges'][string]

/** A cancel that the peer saw is one the page must have seen; an answer is whole only when its peer did not see it broken off. */
export function exchangeWitnesses(place: Place, name: string, exchange: ExchangeRecord, { semantic, witnessed }: NormalizedRecord, encoded: boolean): Finding[] {
  const [page, peer] = [witnessed.page.exchanges[name], witnessed.peer.exchanges[name]]
  const [at, at_boundary] = [`exchanges.${name}`, `witnessed.page.exchanges.${name}`]
  const completed = exchange.end === 'completed'
  const cancelled = exchange.end === 'cancelled'
  const whole = completed || page?.end === 'ended'
  const answered = whole || exchange.status !== null || (page?.status ?? null) !== null
  const findings: Finding[] = []
  const say = (field: string, expected: unknown, found: unknown): void => { findings.push(finding(place, field, expected, found)) }
  if (answered && exchange.requests === 0) say(`${at}.requests`, 'at least 1', 0)
  if (whole && exchange.peer_saw === 'aborted') say(`${at}.peer_saw`, 'an answer that went through', 'aborted')
  if (completed && page && page.end !== 'ended') say(`${at_boundary}.end`, 'ended', page.end)
  if (cancelled && exchange.requests > 0 && !exchange.cancelled.page) say(`${at}.cancelled.page`, true, false)
  if (cancelled && exchange.cancelled.page && exchange.peer_saw === 'pending') say(`${at}.cancelled.peer`, true, false)
  // A run that broke down takes its requests with it, and then only the peer can tell.
  if (exchange.peer_saw === 'aborted' && page?.end === 'pending' && semantic.outcome === 'completed') say(`${at_boundary}.end`, 'aborted', 'pending')
  if (page) findings.push(...answers(place, name, exchange, page, peer, encoded))
  return findings
}

/**
 * One answer has one status and one length, unless it was encoded on its way. A page that may not look at an answer is given
 * the status 0, and some ways to read a body hide its length.
 */
function answers(place: Place, name: string, { status, body }: ExchangeRecord, page: PageExchange, peer: PeerExchange | undefined, encoded: boolean): Finding[] {
  const [at_page, at_peer] = [`witnessed.page.exchanges.${name}`, `witnessed.peer.exchanges.${name}`]
  const read = page.bytes === 0 ? (body?.length ?? null) : page.bytes
  return [
    ...(status !== null && page.status !== null ? differs(place, `${at_page}.status`, status, page.status) : []),
    ...(page.status !== null && page.status > 0 && peer && peer.status !== null ? differs(place, `${at_peer}.status`, page.status, peer.status) : []),
    ...(body !== null && read !== null ? differs(place, `${at_page}.bytes`, body.length, read) : []),
    ...(read !== null && peer && peer.bytes !== null && !encoded ? differs(place, `${at_peer}.bytes`, read, peer.bytes) : []),
  ]
}
