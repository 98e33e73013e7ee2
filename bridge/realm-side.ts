import { wrap } from 'comlink'
import { proveRole } from '../host-probes/role.js'
import { native } from '../host-probes/natives.js'
import { record, deliverNow } from '../host-probes/trace.js'
import type { FromRealm, RunOrder } from '../src/contract/realm-protocol.js'
import { bridgeEndpoint, type BridgeEndpoint } from './endpoint.js'
import { HANDSHAKE_LIMIT_MS, type BridgeAcceptance, type BridgeService } from './protocol.js'

interface Session {
  socket: WebSocket
  endpoint: BridgeEndpoint
  service: BridgeService
  acceptance: BridgeAcceptance
}

/** Tries the handshake only. Answers `done`, or `failed` with `bridge_unreachable`. */
export async function offerBridge(url: string): Promise<FromRealm> {
  const session = await shakeHands(url)
  if ('type' in session) return session
  close(session)
  return { type: 'done', stalled: false }
}

/** Has the scenario run on the server's side and passes on what happens there. */
export async function runOverBridge(order: RunOrder): Promise<FromRealm> {
  const session = await shakeHands(order.bridge_url!)
  if ('type' in session) return session
  session.endpoint.onevents = deliverNow
  log(session, 'bridge.run')
  const lost = new Promise<FromRealm>((resolve) => {
    session.socket.addEventListener('close', () => resolve({ type: 'failed', code: 'bridge_unreachable', message: 'the bridge closed before the scenario ended' }))
  })
  const end = await Promise.race([session.service.run(session.acceptance.session, order), lost])
  log(session, 'bridge.finished')
  close(session)
  return end
}

/** A page may close with a code of its own only from here up. */
const CLOSE_BAD_FRAME = 4008

async function shakeHands(url: string): Promise<Session | Extract<FromRealm, { type: 'failed' }>> {
  let socket: WebSocket | null = null
  record({ witness: 'bridge', side: 'realm', kind: 'bridge.offered', id: 'bridge', session: '', artifact_sha256: null })
  try {
    socket = new native.WebSocket!(url)
    return await within(HANDSHAKE_LIMIT_MS, connect(socket))
  } catch (error) {
    socket?.close()
    record({ witness: 'bridge', side: 'realm', kind: 'bridge.refused', id: 'bridge', session: '', artifact_sha256: null })
    return { type: 'failed', code: 'bridge_unreachable', message: error instanceof Error ? error.message : String(error) }
  }
}

async function connect(socket: WebSocket): Promise<Session> {
  await new Promise<void>((open, refuse) => {
    socket.addEventListener('open', () => open())
    socket.addEventListener('close', () => refuse(new Error('the bridge refused the connection')))
  })
  const endpoint = bridgeEndpoint(socket, () => true, () => socket.close(CLOSE_BAD_FRAME))
  const service = wrap<BridgeService>(endpoint) as unknown as BridgeService
  const acceptance = await service.offer({ proven_role: proveRole().proven_role })
  const session = { socket, endpoint, service, acceptance }
  log(session, 'bridge.accepted')
  return session
}

function close(session: Session): void {
  log(session, 'bridge.closed')
  session.socket.close(1000)
}

function log({ acceptance }: Session, kind: 'bridge.accepted' | 'bridge.run' | 'bridge.finished' | 'bridge.closed'): void {
  record({ witness: 'bridge', side: 'realm', kind, id: 'bridge', session: acceptance.session, artifact_sha256: acceptance.artifact_sha256 })
}

function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const handle = native.setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
    work.then(resolve, reject).finally(() => native.clearTimeout(handle))
  })
}
