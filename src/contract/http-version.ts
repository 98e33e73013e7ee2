import type { PeerModel } from './scenario.js'
import type { HttpVersion } from './vocabulary.js'

// Apart from the schemas: realms need it too.

/** What an HTTP peer speaks by its model: `http/1.1` unless it says otherwise; null for a peer that is none. */
export const declaredHttpVersion = (model: PeerModel | undefined): HttpVersion | null => (model?.kind === 'http' ? model.http_version ?? 'http/1.1' : null)

const SEEN: Readonly<Record<string, HttpVersion>> = { 'HTTP/1.1': 'http/1.1', 'HTTP/2.0': 'h2' }

/** The version that a peer wrote down of a request, as in `HTTP/1.1` or `HTTP/2.0`; null for one that no peer of ours speaks. */
export const seenHttpVersion = (http_version: string): HttpVersion | null => (Object.hasOwn(SEEN, http_version) ? SEEN[http_version]! : null)
