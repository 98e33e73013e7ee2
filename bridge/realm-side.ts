import { wrap } from 'comlink'
import { proveRole } from '../host-probes/role.js'
import { native } from '../host-probes/natives.js'
import { record, deliverNow } from '../host-probes/trace.js'
import { BRIDGE_BREACHES, isBridgeReason, type BridgeCarrier, type BridgeReason } from '../src/contract/bridge-words.js'
import type { FromRealm, RunOrder } from '../src/contract/realm-protocol.js'
import type { TextLine } from '../src/contract/text-line.js'
import type { BridgeEvent } from '../src/contract/trace.js'
import { carriersHere, openLine } from './carriers.js'
import { bridgeEndpoint, type BridgeEndpoint } from './endpoint.js'
import { BRIDGE_LIMITS, type BridgeAcceptance, type BridgeService } from './protocol.js'

interface Session {
  line: TextLine
  endpoint: BridgeEndpoint
  service: BridgeService
  acceptance: BridgeAcceptance
  /** Resolves when the bridge is lost, or broken. */
  ended: Promise<BridgeReason>
}

type Failed = Extract<FromRealm, { type: 'failed' }>
type Step = Pick<BridgeEvent, 'kind' | 'session' | 'artifact_sha256' | 'carrier' | 'proven_role' | 'reason' | 'events'>

/** Closed as all is well, and for a reason. */
const [CLOSE_NORMAL, CLOSE_POLICY] = [1000, 1008]

/** The run under way, for whoever has to end it. */
let running: Session | null = null

/** Tries the handshake only. Answers `done`, or `failed` with `bridge_unreachable` or `bridge_broken`. */
export async function offerBridge(url: string, ticket: string): Promise<FromRealm> {
  const session = await shakeHands(url, ticket)
  if ('type' in session) return session
  close(session)
  return { type: 'done', stalled: false }
}

/** Has the scenario run on the server's side and passes on what happens there. */
export async function runOverBridge(order: RunOrder): Promise<FromRealm> {
  const session = await shakeHands(order.bridge_url!, order.bridge_ticket ?? '')
  if ('type' in session) return session
  let events = 0
  session.endpoint.onevents = (more) => {
    events += more.length
    deliverNow(more)
  }
  log(session, { kind: 'bridge.run' })
  running = session
  const lost = session.ended.then((reason) => loseRun(session, reason))
  const { bridge_ticket: _, ...plain } = order
  const end = await Promise.race([session.service.run(session.acceptance.session, plain), lost])
  running = null
  if (!(end.type === 'failed' && end.code.startsWith('bridge_'))) log(session, { kind: 'bridge.finished', events })
  close(session)
  return end
}

/** Has the server end the run under way; no run, no word. */
export function cancelRun(): void {
  const session = running
  if (session === null) return
  running = null
  log(session, { kind: 'bridge.cancelled' })
  void session.service.cancel(session.acceptance.session).catch(() => undefined)
}

/** How a run ends that the bridge did not carry to its end; what becomes of a session whose run is over is nobody's loss. */
function loseRun(session: Session, reason: BridgeReason): Failed {
  const broken = BRIDGE_BREACHES.includes(reason)
  if (running === session) log(session, { kind: broken ? 'bridge.refused' : 'bridge.lost', reason })
  return { type: 'failed', code: broken ? 'bridge_broken' : 'bridge_unreachable', message: `the bridge ended before the scenario did: ${reason}` }
}

async function shakeHands(url: string, ticket: string): Promise<Session | Failed> {
  const [carrier] = carriersHere()
  const { proven_role } = proveRole()
  step({ kind: 'bridge.offered', session: '', artifact_sha256: null, proven_role, ...(carrier === undefined ? {} : { carrier }) })
  const giveUp = new AbortController()
  try {
    if (carrier === undefined) throw refusal('carrier_unavailable')
    return await within(BRIDGE_LIMITS.handshake_ms, connect(carrier, url, ticket, giveUp.signal))
  } catch (error) {
    giveUp.abort()
    const reason = (error as { bridge_reason?: BridgeReason }).bridge_reason ?? 'unreachable'
    step({ kind: 'bridge.refused', session: '', artifact_sha256: null, reason })
    const code = BRIDGE_BREACHES.includes(reason) ? 'bridge_broken' : 'bridge_unreachable'
    return { type: 'failed', code, message: `no handshake with the bridge: ${reason}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

async function connect(carrier: BridgeCarrier, url: string, ticket: string, signal: AbortSignal): Promise<Session> {
  const line = await openLine(carrier, url, signal)
  signal.addEventListener('abort', () => line.close(CLOSE_POLICY, 'handshake_too_slow'))
  let over = (_reason: BridgeReason): void => undefined
  const ended = new Promise<BridgeReason>((end) => { over = end })
  const endpoint = bridgeEndpoint(line, {
    allowed: () => true, longest: BRIDGE_LIMITS.message_bytes,
    refuse: (reason) => {
      over(reason)
      line.close(CLOSE_POLICY, reason)
    },
  })
  line.onclose = (_code, reason) => over(isBridgeReason(reason) ? reason : 'connection_lost')
  // A beat may come in with the acceptance, before the session is known here.
  endpoint.onbeat = (beat) => { if (endpoint.session !== '') endpoint.sendBeat(beat) }
  const service = wrap<BridgeService>(endpoint) as unknown as BridgeService
  const refused = ended.then((reason): never => { throw refusal(reason) })
  refused.catch(() => undefined)
  const acceptance = await Promise.race([service.offer({ proven_role: proveRole().proven_role, carrier, ticket }), refused])
  if (endpoint.expects !== acceptance.session) throw refusal('foreign_session')
  endpoint.session = acceptance.session
  watchSilence(endpoint, ended, over)
  const session = { line, endpoint, service, acceptance, ended }
  log(session, { kind: 'bridge.accepted' })
  return session
}

/** A server that says nothing is gone, whether its connection is or not. */
function watchSilence(endpoint: BridgeEndpoint, ended: Promise<BridgeReason>, over: (reason: BridgeReason) => void): void {
  let silent = 0
  endpoint.onheard = () => { silent = 0 }
  const watch = native.setInterval(() => { if (++silent > BRIDGE_LIMITS.silent_beats) over('other_side_silent') }, BRIDGE_LIMITS.beat_ms)
  void ended.then(() => native.clearInterval(watch))
}

function close(session: Session): void {
  log(session, { kind: 'bridge.closed' })
  session.line.close(CLOSE_NORMAL, '')
}

const log = ({ acceptance, line }: Session, given: Omit<Step, 'session' | 'artifact_sha256'>): void => step({ ...acceptance, carrier: line.carrier, ...given })
const step = (given: Step): void => record({ witness: 'bridge', side: 'realm', id: 'bridge', ...given })

const refusal = (bridge_reason: BridgeReason): Error => Object.assign(new Error('the bridge refused'), { bridge_reason })

function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const handle = native.setTimeout(() => reject(Object.assign(new Error(`no answer within ${ms} ms`), { bridge_reason: 'handshake_too_slow' satisfies BridgeReason })), ms)
    work.then(resolve, reject).finally(() => native.clearTimeout(handle))
  })
}
