import { offline, type OfflineControl } from '../control.js'
import { again, altered, without } from '../trace-faults.js'
import { checkScenario } from '../../scenarios/validate.js'
import { findScenarios } from '../../scenarios/catalogue.js'

/** Faults of the other side: it is not the model's, or it saw otherwise. */
export const PEER: OfflineControl[] = [
  offline({
    id: 'peer.not_of_the_model', law: 'observability_floor', place: 'peer', row: 'virtual_transport_surface', table: 'peer_or_capture_missing', fault: 'a peer answers that the scenario does not have',
    required: 'invalid_experiment, blocked_missing_virtualization, by observability_floor',
    given: (bench) => bench.judged('websocket.close.by_subject', { live: again({ kind: 'peer.connected' }, { peer: 'upstream' }) }),
  }),
  offline({
    id: 'peer.saw_nothing', law: 'observability_floor', place: 'peer', row: 'http_surface', fault: 'the peer\'s side of an exchange was not captured', required: 'invalid_experiment, blocked_missing_observability, by observability_floor',
    given: (bench) => bench.judged('fetch.plain.get', { live: without({ witness: 'peer' }) }),
  }),
  offline({
    id: 'peer.closed_otherwise', law: 'witness_agreement', place: 'peer', row: 'virtual_transport_surface', fault: 'page and peer saw the same close with two codes', required: 'semantic_mismatch, eligible, by witness_agreement',
    given: (bench) => bench.judged('websocket.close.by_subject', { live: altered({ kind: 'peer.closed' }, { code: 3999 }) }),
  }),
  offline({
    id: 'peer.never_saw_the_close', law: 'witness_agreement', place: 'peer', row: 'virtual_transport_surface', fault: 'the page saw a channel closed, its peer did not', required: 'semantic_mismatch, eligible, by witness_agreement',
    given: (bench) => bench.judged('websocket.close.by_subject', { live: without({ kind: 'peer.closed' }) }),
  }),
  offline({
    id: 'peer.saw_it_broken_off', law: 'expectation_live', place: 'peer', row: 'http_surface', fault: 'the peer saw an answer broken off that the page took for whole', required: 'semantic_mismatch, eligible, by expectation_live',
    given: (bench) => bench.judged('fetch.plain.get', { live: altered({ kind: 'peer.ended' }, { kind: 'peer.aborted' }) }),
  }),
  offline({
    id: 'peer.protocol_of_its_own', law: 'lab_live_agreement', place: 'peer', row: 'virtual_transport_surface', fault: 'the peer chose a subprotocol that the scenario does not speak of, and the lab\'s did not',
    required: 'semantic_mismatch, eligible, by lab_live_agreement',
    given: (bench) => bench.judged('websocket.close.by_subject', { live: altered({ kind: 'channel.open' }, { protocol: 'other' }) }),
  }),
  offline({
    id: 'peer.not_declared', law: 'time_contract', place: 'peer', row: 'virtual_transport_surface', fault: 'a scenario talks to a peer that it does not declare', required: 'error scenario_invalid',
    given: (bench) => bench.refused(() => {
      const scenario = findScenarios('websocket.close.by_subject')[0]!
      checkScenario(bench.pick({ ...scenario, peers: {} }, scenario), 'control')
    }),
  }),
]
