import { ASSET_BASE } from '../assets.js'
import { record } from '../trace.js'

/** What is inside the captured loopback, and how an address names a channel, exchange or stream. */
interface Boundary {
  origin: string
  /** Of the peers that speak h2; null when there are none. */
  h2_origin: string | null
  peer_path: string
  refused_origins: string[]
  /** Where the subject's own server is found, when the realm is downgraded to it. */
  own_server?: string | undefined
}

let boundary: Boundary = { origin: ownOrigin(), h2_origin: null, peer_path: '', refused_origins: [] }

export function drawBoundary(drawn: Boundary): void {
  boundary = drawn
}

function ownOrigin(): string {
  return typeof location === 'undefined' ? '' : location.origin
}

/** The id of every line to the subject's own server. */
const OWN_LINE = 'own_bridge'

const INLINE = new Set(['data:', 'blob:', 'about:'])

export interface Address {
  where: 'inside' | 'outside' | 'inline'
  /** The channel, exchange or stream that the address names; `other` inside the boundary but none of them. */
  id: string
  url: string
}

/** Says where an address points; one outside the boundary is recorded as such with the API that reached for it. */
export function locate(input: string | URL, api: string): Address {
  const url = absolute(String(input))
  if (url === null) return { where: 'inline', id: 'unparsable', url: String(input) }
  if (INLINE.has(url.protocol)) return { where: 'inline', id: 'inline', url: url.href }
  // A part of the artifact, as if it were inlined: no peer's traffic, and bytes that the engine may read without the recorder.
  if (ASSET_BASE !== '' && url.href.startsWith(ASSET_BASE)) return { where: 'inline', id: 'asset', url: url.href }
  const { own_server } = boundary
  if (own_server !== undefined && `${url.href.replace(/^ws/, 'http')}/`.startsWith(`${own_server}/`)) return { where: 'inside', id: OWN_LINE, url: url.href }
  const origin = `${url.protocol.replace(/^ws/, 'http')}//${url.host}`
  if (boundary.refused_origins.includes(origin)) return { where: 'inside', id: firstSegment(url.pathname.slice(1)), url: url.href }
  if (origin !== boundary.origin && origin !== boundary.h2_origin) {
    record({ witness: 'page', kind: 'host.outside', id: api, url: url.href })
    return { where: 'outside', id: 'outside', url: url.href }
  }
  if (boundary.peer_path === '' || !url.pathname.startsWith(boundary.peer_path)) return { where: 'inside', id: 'other', url: url.href }
  const [, id] = url.pathname.slice(boundary.peer_path.length).split('/')
  return { where: 'inside', id: id || 'other', url: url.href }
}

const firstSegment = (path: string): string => path.split('/')[0] || 'other'

function absolute(input: string): URL | null {
  try {
    return new URL(input, typeof location === 'undefined' ? undefined : location.href)
  } catch {
    return null
  }
}
