import { BRIDGE_LIMITS } from '../../bridge/protocol.js'
import { declaredHttpVersion } from '../contract/http-version.js'
import type { Scenario } from '../contract/scenario.js'
import { makeCertificate } from '../loopback/certificate.js'
import { startLoopback, type Loopback, type LoopbackOptions } from '../loopback/loopback.js'
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

export interface ServedOptions {
  /** How many pages. */
  slots: number
  /** The first of the ports; free ones when null. */
  port: number | null
  scenarios: readonly Scenario[]
  /** Only for tests that plant a fault. */
  planted?: LoopbackOptions['planted']
  bridge_fault?: DeskOptions['fault']
}

const speaksHttp2 = ({ peers }: Scenario): boolean => Object.values(peers).some((model) => declaredHttpVersion(model) === 'h2')

/** Starts serving an artifact to pages, over TLS too where a scenario needs it. Throws `port_busy`. */
export async function serveArtifact(artifact: Artifact, { slots, port, scenarios, planted, bridge_fault }: ServedOptions): Promise<Served> {
  const agent = await agentSource()
  const certificate = scenarios.some(speaksHttp2) ? await makeCertificate() : null
  const bridge = openBridgeDesk(artifact.source, artifact.sha256, SPARE_WORKERS, { certificate: certificate?.cert ?? null, fault: bridge_fault })
  try {
    const loopback = await startLoopback({ slots, artifact: artifact.source, agent, onBridge: bridge.serve, bridge_longest: BRIDGE_LIMITS.message_bytes, ...(port === null ? {} : { port }), ...(certificate === null ? {} : { certificate }), ...(planted === undefined ? {} : { planted }) })
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
