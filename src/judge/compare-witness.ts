import type { NormalizedRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import { channelWitnesses } from './compare-witness-channels.js'
import { exchangeWitnesses } from './compare-witness-exchanges.js'
import { finding, type Finding, type Place } from './findings.js'
import { ordered } from './ordered.js'
import { scenarioFacts } from './scenario-facts.js'

/**
 * Where the witnesses of one run contradict each other: the peer and the recorder at the boundary, which in a bridged run is
 * the bridge's, and the recorder and the subject. Where the recorder saw nothing, the subject's word stands against the peer's.
 * `attempt` 0 is the lab.
 */
export function witnessFindings(scenario: Scenario, record: NormalizedRecord, attempt: number): Finding[] {
  const place: Place = { law: 'witness_agreement', severity: 'break', attempt }
  const opens = scenarioFacts(scenario).channels
  return [
    ...ordered(record.semantic.channels).flatMap(([name, channel]) => channelWitnesses(place, name, channel, record.witnessed, (opens.get(name) ?? 0) > 1)),
    ...ordered(record.semantic.exchanges).flatMap(([name, exchange]) => exchangeWitnesses(place, name, exchange, record, encodes(scenario))),
    ...ordered(record.semantic.streams).flatMap(([name, stream]) => streamWitnesses(place, name, stream, record)),
  ]
}

/** What the subject handed on must have come in at the boundary, and what came in must have been asked of a peer. */
function streamWitnesses(place: Place, name: string, { events, connections }: NormalizedRecord['semantic']['streams'][string], { witnessed }: NormalizedRecord): Finding[] {
  const seen = witnessed.page.streams[name]?.messages
  // The recorder hears the events that have no name of their own.
  const handed = events.filter(({ event }) => event === 'message').length
  return [
    ...((seen ?? events.length) > 0 && connections === 0 ? [finding(place, `streams.${name}.connections`, 'at least 1', 0)] : []),
    ...(seen !== undefined && seen < handed ? [finding(place, `witnessed.page.streams.${name}.messages`, `at least ${handed}`, seen)] : []),
  ]
}

/** Whether a peer of the scenario answers in another encoding than the one a body is read in. */
const encodes = ({ peers }: Scenario): boolean => Object.values(peers).some((peer) => peer.kind === 'http' && peer.exchanges.some(({ actions }) =>
  actions.some((action) => action.do === 'head' && Object.keys(action.headers ?? {}).some((header) => header.toLowerCase() === 'content-encoding'))))
