import { BRIDGE_LIMITS } from '../../bridge/protocol.js'
import { startLoopback, type Loopback } from '../loopback/loopback.js'
import { agentSource } from './agent-source.js'
import type { Artifact } from './artifact.js'
import { openBridgeDesk, type BridgeDesk, type DeskOptions } from './bridge-desk.js'

/** What Node serves to the realms of a run: pages, peers and the bridge. */
export interface Served {
  loopback: Loopback
  bridge: BridgeDesk
  close(): Promise<void>
}

/** Bridge workers kept ready from the first handshake on, which is the admission's: the first run finds one. */
const SPARE_WORKERS = 2

/** Starts serving an artifact to `slots` pages, at `port` and those that follow, or at free ones. Throws `port_busy`. */
export async function serveArtifact(artifact: Artifact, slots: number, port: number | null, options: DeskOptions = {}): Promise<Served> {
  const agent = await agentSource()
  const bridge = openBridgeDesk(artifact.source, artifact.sha256, SPARE_WORKERS, options)
  try {
    const loopback = await startLoopback({ slots, artifact: artifact.source, agent, onBridge: bridge.serve, bridge_longest: BRIDGE_LIMITS.message_bytes, ...(port === null ? {} : { port }) })
    return {
      loopback, bridge,
      close: async () => {
        await loopback.close()
        await bridge.close()
      },
    }
  } catch (error) {
    await bridge.close()
    throw error
  }
}
