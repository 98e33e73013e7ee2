import type { CanaryName } from '../contract/canary.js'
import type { PeerModel, Scenario } from '../contract/scenario.js'
import { closedBySubject, say, scenario, text, websocket } from '../scenarios/build.js'
import { checkScenario } from '../scenarios/validate.js'

/** What a canary sends into a realm, and what is played to it there. */
export interface Plant {
  /** What the realm does to itself in the middle of the scenario. */
  fault: 'none' | 'hang' | 'crash'
  /** Played by Node: its peers, its limit. */
  scenario: Scenario
  /** Sent to the realm: the same, or nonsense. */
  sent: unknown
}

const peerSaying = (words: string): PeerModel => websocket({ on_open: [say(text(words))] })

/** A channel whose peer speaks first. The canary of the mismatch is judged against this. */
export const AS_DECLARED: Scenario = checkScenario(scenario({
  id: 'canary.mismatch', title: 'A peer says what the scenario declares', peers: { p: peerSaying('as declared') },
  tasks: {
    main: [
      { op: 'socket.open', channel: 'c', peer: 'p' },
      { op: 'socket.wait_message', channel: 'c', count: 1 },
      { op: 'socket.close', channel: 'c', code: 3001, reason: 'heard' },
      { op: 'socket.wait_close', channel: 'c' },
    ],
  },
  expect: { channels: { c: { opened: true, received: [text('as declared')], peer_received: [], close: closedBySubject(3001, 'heard') } } },
}), 'canary.mismatch')

/** Long enough that only a fault ends it early. */
const LONG: Scenario = checkScenario(scenario({
  id: 'canary.long', title: 'Nothing happens for a while', tasks: { main: [{ op: 'mark', mark: 'begun' }, { op: 'wait', ticks: 250 }] }, expect: {},
}), 'canary.long')
const SHORT: Scenario = checkScenario({ ...LONG, tasks: { main: [{ op: 'mark', mark: 'begun' }] } }, 'canary.long')

/** No step of any scenario, waiting for what nobody made, without an end. */
export const NONSENSE: unknown = { ...SHORT, id: 'Canary?', tick_ms: 'soon', tasks: { main: [{ op: 'levitate', height: -1 }, { op: 'socket.wait_open', channel: 'nobody' }] } }

/** The four plants. */
export const PLANTS: Readonly<Record<CanaryName, Plant>> = {
  nonsense: { fault: 'none', scenario: SHORT, sent: NONSENSE },
  mismatch: { fault: 'none', scenario: { ...AS_DECLARED, peers: { p: peerSaying('something else') } }, sent: AS_DECLARED },
  hang: { fault: 'hang', scenario: LONG, sent: LONG },
  crash: { fault: 'crash', scenario: LONG, sent: LONG },
}

/** The same realms without their faults: a canary that is good here would be good whatever happens. */
export const UNPLANTED: Readonly<Record<CanaryName, Plant>> = {
  nonsense: { fault: 'none', scenario: SHORT, sent: SHORT },
  mismatch: { fault: 'none', scenario: AS_DECLARED, sent: AS_DECLARED },
  hang: { fault: 'none', scenario: SHORT, sent: SHORT },
  crash: { fault: 'none', scenario: SHORT, sent: SHORT },
}
