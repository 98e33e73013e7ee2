import type { SubjectDeclaration } from '../src/contract/host.js'
import { declaredHttpVersion } from '../src/contract/http-version.js'
import type { FromRealm, OwnServerOrder, RunOrder, ToRealm } from '../src/contract/realm-protocol.js'
import type { Subject, SubjectHost, SubjectRuntime } from '../src/contract/subject.js'
import { cancelRun, offerBridge, runOverBridge } from '../bridge/realm-side.js'
import { plant } from './canary/fault.js'
import { probeRealm } from './capabilities.js'
import { injectedHost, openControl } from './control.js'
import { holdServiceWorker } from './hosts/service-worker.js'
import { alarm } from './alarm.js'
import { lastThrown, messageOf, nameOf, recordThrown } from './interpreter/errors.js'
import { instanceHere } from './instance.js'
import { refuseNonsense } from './interpreter/refuse.js'
import { runScenario, SHUTDOWN_LIMIT_MS } from './interpreter/run.js'
import { native } from './natives.js'
import { claimOf } from './own-claim.js'
import { logOwnBridge } from './own-bridge.js'
import { aliveNow, watch } from './recorder/alive.js'
import { drawBoundary } from './recorder/boundary.js'
import { allTold } from './recorder/in-turn.js'
import { wasmSeen } from './recorder/web-assembly.js'
import { proveRole } from './role.js'
import { shortText } from './short-text.js'
import { deliverTo, flush, record } from './trace.js'
import { hearUncaught } from './uncaught.js'

/** Longest a subject's `start()` may take, in ms. */
const START_LIMIT_MS = 10_000
const HEARTBEAT_MS = 500
const LOG_LIMIT = 2000

type LoadSubject = () => Promise<{ default: Subject } & Record<string, unknown>>
type Failure = Extract<FromRealm, { type: 'failed' }>

/** The entry of every realm: proves the role, says hello, takes one scenario, streams what happens. */
export function boot(load: LoadSubject): void {
  const hold = holdServiceWorker(native.setTimeout)
  const instance = instanceHere()
  const control = openControl()
  const send = (message: FromRealm): void => control.send(message)
  const fail = (code: Failure['code'], error: unknown): void => {
    flush()
    send({ type: 'failed', code, message: `${nameOf(error)}: ${messageOf(error)}` })
  }
  deliverTo((events) => send({ type: 'events', events }))
  const heart = beat(send)
  load().then(async (module) => {
    const { default: subject } = module
    control.onmessage = (message) => void answer(message).catch((error: unknown) => fail('harness', error))
    const claiming = claimOf(module)
    const claim = claiming === null ? null : await claiming
    send({ type: 'hello', probe: probeRealm(), subject: { ...declare(subject), ...(claim === null ? {} : { claim }) }, ...(instance === null ? {} : { instance }) })

    async function answer(message: ToRealm): Promise<void> {
      if (message.type === 'stop') return leave(hold, heart)
      if (message.type === 'let_go') return hold.release()
      if (message.type === 'probe_bridge' && message.own !== undefined) return finish(await tryOwnServer(subject, message.own))
      if (message.type === 'probe_bridge') return finish(await offerBridge(message.bridge_url, message.bridge_ticket))
      if (message.type === 'canary') {
        plant(message.fault)
        return finish(await runDirectly(subject, message.run))
      }
      if (message.route === 'bridge' && message.own_server !== undefined) return finish(await runOverOwnServer(subject, message, message.own_server))
      if (message.route === 'bridge') return finish(await runOverBridge(message))
      finish(await runDirectly(subject, message))
    }
    function finish(end: FromRealm): void {
      flush()
      send(end)
    }
  }).catch((error: unknown) => fail('subject_throws', error))
}

/** Nobody outside can end a shared worker; it closes itself. */
function leave(hold: { release(): void }, heart: { stop(): void }): void {
  cancelRun()
  hold.release()
  heart.stop()
  const scope = globalThis as unknown as { close?: () => void }
  if (proveRole().proven_role === 'shared_worker') scope.close?.()
}

async function runDirectly(subject: Subject, order: RunOrder): Promise<FromRealm> {
  refuseNonsense(order.scenario)
  draw(order)
  return hearing(async () => {
    const { runtime, failure } = await start(subject, order)
    return runtime === null ? failure : play(order, runtime)
  })
}

/** What nobody catches while the subject starts is kept as its own; a scenario that runs hears for itself. */
async function hearing(run: () => Promise<FromRealm>): Promise<FromRealm> {
  const early = hearUncaught((where, thrown) => recordThrown(where, thrown))
  try {
    return await run()
  } finally {
    early.release()
  }
}

/** The subject talks to its own server, by whatever it talks; the steps are the harness's own word. */
async function runOverOwnServer(subject: Subject, order: RunOrder, server: OwnServerOrder): Promise<FromRealm> {
  const log = logOwnBridge(server)
  draw(order)
  log('bridge.offered')
  return hearing(async () => {
    const { runtime, failure } = await start(subject, { ...order, own_server: server })
    if (runtime === null) {
      log('bridge.refused')
      return { ...failure, code: 'bridge_unreachable', message: `the subject did not start on its own server: ${failure.message}` }
    }
    log('bridge.accepted')
    log('bridge.run')
    const end = await play(order, runtime)
    log('bridge.finished')
    return end
  })
}

/** The handshake alone: the subject starts on its own server, and is shut down again. */
async function tryOwnServer(subject: Subject, { origin, server }: { origin: string; server: OwnServerOrder }): Promise<FromRealm> {
  const log = logOwnBridge(server)
  drawBoundary({ origin, h2_origin: null, peer_path: '', refused_origins: [], own_server: server.url })
  log('bridge.offered')
  const { runtime, failure } = await start(subject, { origin, own_server: server })
  if (runtime === null) {
    log('bridge.refused')
    return { ...failure, code: 'bridge_unreachable', message: `the subject did not start on its own server: ${failure.message}` }
  }
  log('bridge.accepted')
  const limit = alarm(SHUTDOWN_LIMIT_MS)
  await Promise.race([runtime.shutdown().catch(() => undefined), limit.rang])
  limit.cancel()
  return { type: 'done', stalled: false }
}

const draw = ({ origin, h2_origin, peer_path, refused_origins, own_server }: RunOrder): void =>
  drawBoundary({ origin, h2_origin, peer_path, refused_origins: Object.values(refused_origins), own_server: own_server?.url })

async function play(order: RunOrder, runtime: SubjectRuntime): Promise<FromRealm> {
  const { stalled } = await runScenario(order.scenario, runtime, addresses(order))
  await allTold()
  if (watch.installed) record({ witness: 'page', kind: 'host.alive', id: 'realm', ...aliveNow() })
  const { modules, memories } = wasmSeen()
  for (const module of modules) record({ witness: 'page', kind: 'host.wasm.module', ...module })
  for (const memory of memories) record({ witness: 'page', kind: 'host.wasm.memory', ...memory })
  return { type: 'done', stalled }
}

/** Where the subject finds a peer; the address names the channel, exchange or stream, so both witnesses can tell. */
function addresses(order: RunOrder): (peer: string, id: string, scheme: 'http' | 'ws', path?: string) => string {
  return (peer, id, scheme, path) => {
    const refused = order.refused_origins[peer]
    const origin = declaredHttpVersion(order.scenario.peers[peer]) === 'h2' ? order.h2_origin : order.origin
    const base = refused === undefined ? `${origin}${order.peer_path}${peer}/${id}` : `${refused}/${id}`
    return base.replace(/^http/, scheme) + (path === undefined ? '' : `/${path}`)
  }
}

type Started = { runtime: SubjectRuntime; failure: null } | { runtime: null; failure: Failure }

async function start(subject: Subject, order: Pick<RunOrder, 'origin' | 'own_server'>): Promise<Started> {
  const failed = (code: Failure['code'], message: string): Started => ({ runtime: null, failure: { type: 'failed', code, message } })
  const limit = alarm(START_LIMIT_MS)
  const late = limit.rang.then(() => failed('subject_never_starts', `start() did not end within ${START_LIMIT_MS} ms${lastThrown() === null ? '' : `; nobody caught ${lastThrown()}`}`))
  try {
    const own = order.own_server === undefined ? {} : { own_server: order.own_server.url }
    const host = { origin: order.origin, ...own, log: (line: string) => record({ witness: 'subject', kind: 'log', id: 'subject', text: shortText(line, LOG_LIMIT) }) }
    return await Promise.race([startWith(subject, host), late])
  } catch (error) {
    recordThrown('start', error)
    return failed('subject_throws', `${nameOf(error)}: ${messageOf(error)}`)
  } finally {
    limit.cancel()
  }
}

async function startWith(subject: Subject, host: SubjectHost): Promise<Started> {
  const runtime: Partial<SubjectRuntime> | undefined = await subject.start(host)
  if (typeof runtime?.shutdown !== 'function') throw new TypeError('start() gave no object with a shutdown()')
  const [unknown] = strangers(runtime, RUNTIME_MEMBERS)
  if (unknown !== undefined) throw new TypeError(`start() gave "${unknown}", which is no family: want ${RUNTIME_MEMBERS.join(', ')}`)
  return { runtime: runtime as SubjectRuntime, failure: null }
}

/** A family by another name would be called absent, and a field by another name left out: both would pass for what was meant. */
const RUNTIME_MEMBERS: ReadonlyArray<keyof SubjectRuntime> = ['timers', 'sockets', 'requests', 'events', 'tasks', 'shutdown']
const SUBJECT_MEMBERS: ReadonlyArray<keyof Subject> = ['name', 'version', 'requires', 'host_roles', 'bridge', 'page', 'downgrade', 'start', 'classify']

/** Members of an object written down as it is that have no place in it; an instance of a class may keep what it likes. */
function strangers(given: object | null | undefined, members: readonly string[]): string[] {
  const prototype: unknown = given === null || typeof given !== 'object' ? undefined : Object.getPrototypeOf(given)
  return prototype === Object.prototype || prototype === null ? Object.keys(given!).filter((name) => !members.includes(name)) : []
}

/** What is no Subject is declared as it is: the lab, which hears it before any engine does, names what is wrong with it. */
function declare(subject: Partial<Subject> | null | undefined): SubjectDeclaration {
  const { name, version, requires, host_roles, bridge, downgrade, page, start } = subject ?? {}
  const declared = { name, version, requires, host_roles, bridge, classification: subject?.classify?.() ?? null, ...(downgrade === undefined ? {} : { downgrade }), ...(page === undefined ? {} : { page }) }
  const unknown = Object.fromEntries(strangers(subject, SUBJECT_MEMBERS).map((name) => [name, 'unknown']))
  return { ...declared, ...unknown, ...(typeof start === 'function' ? {} : { start: typeof start }) } as SubjectDeclaration
}

/** Tells a busy realm from a dead one. The lab needs none: there, time stands still while it works. */
function beat(send: (message: FromRealm) => void): { stop(): void } {
  if (injectedHost()?.kind === 'lab') return { stop: () => undefined }
  let count = 0
  const handle = native.setInterval(() => send({ type: 'heartbeat', beat: ++count }), HEARTBEAT_MS)
  return { stop: () => native.clearInterval(handle) }
}
