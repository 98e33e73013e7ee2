import type { FromRealm, ToRealm } from './realm-protocol.js'

// Apart from the schemas: what runs in a realm must not carry them along.

/** How a realm talks to Node: a WebSocket in browsers, a port in the bridge's worker, a function in the lab. */
export interface RealmControl {
  send(message: FromRealm): void
  onmessage: ((message: ToRealm) => void) | null
}

/**
 * A host that is not a browser (the lab, the bridge's worker) sets this global before it evaluates the artifact.
 * In a browser realm it is absent and the artifact opens its control WebSocket by its own address.
 */
export interface InjectedHost {
  kind: 'lab' | 'bridge'
  control: RealmControl
  /** Where the artifact's assets are, with a slash at its end; left out where it has none. */
  asset_base?: string
}
export const INJECTED_HOST = '__lanecheckHost'
