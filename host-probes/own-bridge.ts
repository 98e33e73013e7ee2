import type { OwnServerOrder } from '../src/contract/realm-protocol.js'
import type { BridgeEvent } from '../src/contract/trace.js'
import { proveRole } from './role.js'
import { record } from './trace.js'

/** Logs the realm's steps of a session with the subject's own server, as the kit's bridge logs its own. */
export const logOwnBridge = ({ session }: OwnServerOrder) => (kind: BridgeEvent['kind']): void => record({
  witness: 'bridge', side: 'realm', id: 'bridge', kind, session, artifact_sha256: null,
  ...(kind === 'bridge.offered' ? { proven_role: proveRole().proven_role } : {}), ...(kind === 'bridge.refused' ? { reason: 'unreachable' as const } : {}),
})
