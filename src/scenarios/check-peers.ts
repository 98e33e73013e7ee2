import { checkHttpScript, checkSocketScript } from './check-scripts.js'
import { declaredHttpVersion } from '../contract/http-version.js'
import type { PeerModel, Scenario } from '../contract/scenario.js'
import type { Problem } from './problem.js'
import type { PlacedStep } from './walk.js'

/** Every peer is used by steps that fit its kind, and its scripts can be played. */
export function peerProblems(scenario: Scenario, steps: readonly PlacedStep[]): Problem[] {
  const used = new Set<string>()
  const misused = steps.flatMap(({ step, path }) => {
    if (step.op !== 'socket.open' && step.op !== 'request.send' && step.op !== 'events.open') return []
    used.add(step.peer)
    if (step.op === 'events.open' && declaredHttpVersion(scenario.peers[step.peer]) === 'h2') {
      return [{ path: `${path}.peer`, message: `the peer '${step.peer}' speaks h2, in which no event stream is played`, hint: `leave http_version out of peers.${step.peer}, or choose another peer` }]
    }
    return misuse(Object.hasOwn(scenario.peers, step.peer) ? scenario.peers[step.peer] : undefined, step.op === 'socket.open' ? 'websocket' : 'http', step.peer, `${path}.peer`)
  })
  const idle = Object.keys(scenario.peers).filter((name) => !used.has(name))
    .map((name) => ({ path: `peers.${name}`, message: `no step talks to the peer '${name}'`, hint: 'open a channel, a request or an event stream to it, or take it out' }))
  const scripts = Object.entries(scenario.peers).flatMap(([name, peer]) => scriptProblems(peer, `peers.${name}`))
  return [...misused, ...idle, ...scripts]
}

function misuse(peer: PeerModel | undefined, wanted: 'websocket' | 'http', name: string, path: string): Problem[] {
  if (peer === undefined) return [{ path, message: `no peer '${name}' is declared`, hint: `declare it under peers.${name}, or correct the name` }]
  if (peer.kind === wanted || peer.kind === 'refused') return []
  return [{ path, message: `the peer '${name}' is of kind ${peer.kind}, but this step needs ${wanted} or refused`, hint: `make peers.${name} of kind ${wanted}, or choose another peer` }]
}

function scriptProblems(peer: PeerModel, path: string): Problem[] {
  if (peer.kind === 'websocket') return peer.connections.flatMap((script, index) => checkSocketScript(script, `${path}.connections[${index}]`))
  if (peer.kind === 'http') return peer.exchanges.flatMap((script, index) => checkHttpScript(script, `${path}.exchanges[${index}]`, peer.http_version ?? 'http/1.1'))
  return []
}
