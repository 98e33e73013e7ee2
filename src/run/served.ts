import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { startOwnServer, type OwnServer } from '../../bridge/own-server.js'
import { packageRoot } from '../package-root.js'
import { BRIDGE_LIMITS } from '../../bridge/protocol.js'
import type { SubjectDeclaration } from '../contract/host.js'
import { declaredHttpVersion } from '../contract/http-version.js'
import type { Scenario } from '../contract/scenario.js'
import type { OwnServerBlock } from '../contract/own-downgrade.js'
import { makeCertificate } from '../loopback/certificate.js'
import { startLoopback, type Loopback, type LoopbackOptions } from '../loopback/loopback.js'
import { agentSource } from './agent-source.js'
import type { Artifact } from './artifact.js'
import { openBridgeDesk, type BridgeDesk, type DeskOptions } from './bridge-desk.js'

/** What Node serves to the realms of a run: pages, peers and the bridge. */
export interface Served {
  loopback: Loopback
  bridge: BridgeDesk
  /** The subject's own server, when it has one. */
  own_server: OwnServer | null
  /** Serves another artifact from here on; no attempt may be under way. */
  replace(artifact: Artifact): Promise<void>
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
  /** Whose own server is started, if it has one; a signal to give that up. */
  subject?: SubjectDeclaration
  signal?: AbortSignal
}

const speaksHttp2 = ({ peers }: Scenario): boolean => Object.values(peers).some((model) => declaredHttpVersion(model) === 'h2')

/** Starts serving an artifact to pages, over TLS too where a scenario needs it. Throws `port_busy`. */
export async function serveArtifact(artifact: Artifact, { slots, port, scenarios, planted, bridge_fault, subject, signal }: ServedOptions): Promise<Served> {
  const agent = await agentSource()
  const certificate = scenarios.some(speaksHttp2) ? await makeCertificate() : null
  const openDesk = ({ source, sha256 }: Artifact): BridgeDesk => openBridgeDesk(source, sha256, SPARE_WORKERS, { certificate: certificate?.cert ?? null, fault: bridge_fault })
  let desk = openDesk(artifact)
  const bridge: BridgeDesk = {
    expect: (...given) => desk.expect(...given), ordered: (...given) => desk.ordered(...given), forget: (...given) => desk.forget(...given),
    serve: (...given) => desk.serve(...given), sessions: () => desk.sessions(), close: () => desk.close(),
  }
  try {
    const loopback = await startLoopback({ slots, artifact: artifact.source, assets: artifact.assets, agent, onBridge: bridge.serve, bridge_longest: BRIDGE_LIMITS.message_bytes, ...(port === null ? {} : { port }), ...(certificate === null ? {} : { certificate }), ...(planted === undefined ? {} : { planted }) })
    const own_server = await ownServer(artifact, subject?.downgrade?.server, loopback, slots, signal)
    return {
      loopback, bridge, own_server,
      replace: async (next) => {
        const before = desk
        desk = openDesk(next)
        loopback.serveArtifact(next.source, next.assets)
        await before.close()
      },
      close: async () => {
        await own_server?.stop()
        await loopback.close()
        await bridge.close()
      },
    }
  } catch (error) {
    await bridge.close()
    throw error
  }
}

/** Started in the folder of the subject's module, and told where the peers are. */
async function ownServer({ subject }: Artifact, block: OwnServerBlock | undefined, loopback: Loopback, slots: number, signal = new AbortController().signal): Promise<OwnServer | null> {
  if (block === undefined) return null
  const module = resolve(subject)
  const origins = Array.from({ length: slots }, (_, slot) => loopback.origin(slot))
  return startOwnServer(block, {
    cwd: existsSync(module) ? dirname(module) : packageRoot(), signal,
    env: { LANECHECK_PEER_ORIGINS: origins.join(' '), ...(loopback.certificate === null ? {} : { LANECHECK_PEER_CERTIFICATE: loopback.certificate.cert }) },
  })
}
