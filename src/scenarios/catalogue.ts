import picomatch from 'picomatch'
import { LanecheckError } from '../contract/errors.js'
import type { Scenario } from '../contract/scenario.js'
import { BRIDGE_PROOF } from './browser/bridge-proof.js'
import { LANES_SCENARIOS } from './browser/lanes.js'
import { PAGES } from './browser/pages.js'
import { HTTP_BOUNDARY } from './http/boundary.js'
import { HTTP_H2 } from './http/h2.js'
import { HTTP_REQUEST } from './http/request.js'
import { HTTP_RESPONSE } from './http/response.js'
import { TRIAL_SCENARIOS } from '../downgrade/trial-scenarios.js'
import { nearest } from './nearest.js'
import { TASK_SCENARIOS } from './task/calls.js'
import { CANCEL } from './timer/cancel.js'
import { DEADLINE } from './timer/deadline.js'
import { EXTREME } from './timer/extreme.js'
import { INTERVAL } from './timer/interval.js'
import { ORDER } from './timer/order.js'
import { EVENT_STREAM } from './transport/event-stream.js'
import { FETCH_BODY } from './transport/fetch-body.js'
import { FETCH_CANCEL } from './transport/fetch-cancel.js'
import { FETCH_REDIRECT } from './transport/fetch-redirect.js'
import { WEBSOCKET_CLOSE } from './transport/websocket-close.js'
import { WEBSOCKET_CONNECT } from './transport/websocket-connect.js'
import { WEBSOCKET_MESSAGES } from './transport/websocket-messages.js'
import { checkScenario } from './validate.js'

/** All scenarios of the kit, timers first, each checked. */
export const CATALOGUE: Scenario[] = [
  ...ORDER, ...CANCEL, ...INTERVAL, ...DEADLINE, ...EXTREME,
  ...WEBSOCKET_MESSAGES, ...WEBSOCKET_CLOSE, ...WEBSOCKET_CONNECT, ...FETCH_BODY, ...FETCH_CANCEL, ...FETCH_REDIRECT, ...EVENT_STREAM,
  ...HTTP_RESPONSE, ...HTTP_REQUEST, ...HTTP_BOUNDARY, ...HTTP_H2,
  ...LANES_SCENARIOS, ...PAGES, ...BRIDGE_PROOF,
].map((scenario) => checkScenario(scenario, scenario.id))

/**
 * The scenarios whose id matches, in the catalogue's order, then a maintainer's own: `*` stands for anything, dots too, as in `timer.*` or `*.order.{distinct,equal}`.
 * Throws `unknown_scenario` with the nearest ids when there is none.
 */
export function findScenarios(glob: string, own: readonly Scenario[] = []): Scenario[] {
  const matches = picomatch(glob)
  const matching = (scenarios: readonly Scenario[]): Scenario[] => scenarios.filter((scenario) => matches(scenario.id))
  const found = matching([...CATALOGUE, ...own])
  if (found.length > 0) return found
  // Those that the matrix leaves out, for subjects that offer their tasks; and those of `lanecheck downgrade`, so that the command that runs one of its cells again is one that works.
  const others = matching([...TASK_SCENARIOS, ...TRIAL_SCENARIOS])
  if (others.length > 0) return others
  const near = nearest(glob, [...[...CATALOGUE, ...own, ...TASK_SCENARIOS].map((scenario) => scenario.id), ...familiesOf(own)])
  throw new LanecheckError('unknown_scenario', `no scenario matches '${glob}'`, {
    where: '--scenario', hint: `nearest: ${near.join(', ')}; whole families: ${familiesOf(own).join(', ')}`,
  })
}

const familiesOf = (own: readonly Scenario[]): string[] => [...new Set([...CATALOGUE, ...own].map((scenario) => `${scenario.id.split('.')[0]}.*`))]
