import { ASSET_FOLDER } from '../../contract/assets.js'
import { declaredHttpVersion } from '../../contract/http-version.js'
import type { PeerModel, Scenario } from '../../contract/scenario.js'

/** The lab's own loopback: addresses that exist nowhere else. */
export const LAB_ORIGIN = 'http://127.0.0.1:1'
export const REFUSED_ORIGIN = 'http://127.0.0.1:2'
/** Where the peers that speak h2 are. */
export const H2_ORIGIN = 'https://127.0.0.1:3'
export const PEER_PATH = '/lab/peer/'
/** Beside the lab's own address of the realm. */
const ASSET_PATH = `/lab/${ASSET_FOLDER}`

const NAME = /^[a-z][a-z0-9_]*$/

/** Where an address leads. `unknown`: a loopback address that no peer has, answered as the live server does. */
export type Place =
  | { where: 'peer'; peer: string; id: string; path: string; model: PeerModel }
  | { where: 'asset'; name: string }
  | { where: 'unknown' | 'refused' | 'outside' }

/** Origins of the scenario's peers at which nothing listens. */
export const refusedOrigins = (scenario: Scenario): Record<string, string> =>
  Object.fromEntries(Object.entries(scenario.peers).filter(([, model]) => model.kind === 'refused').map(([peer]) => [peer, REFUSED_ORIGIN]))

export function locate(address: string, scenario: Scenario | null): Place {
  const url = new URL(address.replace(/^ws/, 'http'))
  const inside = url.origin === LAB_ORIGIN || url.origin === H2_ORIGIN
  if (!inside) return { where: url.hostname === '127.0.0.1' ? 'refused' : 'outside' }
  if (url.origin === LAB_ORIGIN && url.pathname.startsWith(ASSET_PATH)) return { where: 'asset', name: url.pathname.slice(ASSET_PATH.length) }
  if (scenario === null || !url.pathname.startsWith(PEER_PATH)) return { where: 'unknown' }
  const [peer = '', id = '', ...more] = url.pathname.slice(PEER_PATH.length).split('/')
  const model = Object.hasOwn(scenario.peers, peer) ? scenario.peers[peer] : undefined
  const atItsOrigin = (declaredHttpVersion(model) === 'h2') === (url.origin === H2_ORIGIN)
  if (model === undefined || !atItsOrigin || !NAME.test(id)) return { where: 'unknown' }
  return { where: 'peer', peer, id, path: more.map((part) => `/${part}`).join(''), model }
}
