import { startLoopback, type Loopback } from '../loopback/loopback.js'
import type { PlantedPageFault } from '../loopback/page-headers.js'
import { agentSource } from './agent-source.js'
import type { Artifact } from './artifact.js'
import { openBridgeDesk, type BridgeDesk } from './bridge-desk.js'

/** What Node serves to the realms of a run: pages, peers and the bridge. */
export interface Served {
  loopback: Loopback
  bridge: BridgeDesk
  close(): Promise<void>
}

/** Starts serving an artifact to `slots` pages, at `port` and those that follow, or at free ones. Throws `port_busy`. */
export async function serveArtifact(artifact: Artifact, slots: number, port: number | null, planted: PlantedPageFault | null = null): Promise<Served> {
  const agent = await agentSource()
  const bridge = openBridgeDesk(artifact.source, artifact.sha256, 0)
  try {
    const loopback = await startLoopback({ slots, artifact: artifact.source, agent, onBridge: bridge.serve, ...(port === null ? {} : { port }), ...(planted === null ? {} : { planted }) })
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
