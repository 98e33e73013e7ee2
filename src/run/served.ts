import { declaredHttpVersion } from '../contract/http-version.js'
import type { Scenario } from '../contract/scenario.js'
import { makeCertificate } from '../loopback/certificate.js'
import { startLoopback, type Loopback, type LoopbackOptions } from '../loopback/loopback.js'
import { agentSource } from './agent-source.js'
import type { Artifact } from './artifact.js'
import { openBridgeDesk, type BridgeDesk } from './bridge-desk.js'

/** What Node serves to the realms of a run: pages, peers and the bridge. */
export interface Served {
  loopback: Loopback
  bridge: BridgeDesk
  close(): Promise<void>
}

export interface ServedOptions {
  /** How many pages. */
  slots: number
  /** The first of the ports; free ones when null. */
  port: number | null
  scenarios: readonly Scenario[]
  /** Only for tests that plant a fault. */
  planted?: LoopbackOptions['planted']
}

const speaksHttp2 = ({ peers }: Scenario): boolean => Object.values(peers).some((model) => declaredHttpVersion(model) === 'h2')

/** Starts serving an artifact to pages, over TLS too where a scenario needs it. Throws `port_busy`. */
export async function serveArtifact(artifact: Artifact, { slots, port, scenarios, planted }: ServedOptions): Promise<Served> {
  const agent = await agentSource()
  const certificate = scenarios.some(speaksHttp2) ? await makeCertificate() : null
  const bridge = openBridgeDesk(artifact.source, artifact.sha256, 0, certificate?.cert ?? null)
  try {
    const loopback = await startLoopback({ slots, artifact: artifact.source, agent, onBridge: bridge.serve, ...(port === null ? {} : { port }), ...(certificate === null ? {} : { certificate }), ...(planted === undefined ? {} : { planted }) })
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
