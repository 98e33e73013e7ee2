import type { Assets } from '../contract/assets.js'
import { LanecheckError } from '../contract/errors.js'
import type { RealmProbe, SubjectDeclaration } from '../contract/host.js'
import { INJECTED_HOST } from '../contract/injected-host.js'
import type { FromRealm, RunOrder } from '../contract/realm-protocol.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import { createClockwork, type Clockwork } from './clockwork.js'
import { createLabContext, type LabContext } from './context.js'
import type { LabKernel } from './kernel-types.js'
import type { LabLimits } from './limits.js'
import { H2_ORIGIN, LAB_ORIGIN, PEER_PATH, refusedOrigins } from './net/addresses.js'
import { createHttpNetwork } from './net/exchanges.js'
import type { Link } from './net/link.js'
import { createSocketNetwork } from './net/sockets.js'
import { createReaches, type Reaches } from './reaches.js'
import { parseRealmMessage } from './realm-messages.js'
import { withRejections } from './rejections.js'
import { textKernel } from './text-kernel.js'

export interface SessionOptions {
  host_source: string
  artifact: string
  assets: Assets
  seed: number
  /** Null: only the subject's declaration is wanted. */
  scenario: Scenario | null
  limits: LabLimits
}

type End = Extract<FromRealm, { type: 'done' | 'failed' }>

/** A lab run under way; `hello` and `end` are null until they come. */
export interface Session {
  readonly options: SessionOptions
  readonly clockwork: Clockwork
  readonly context: LabContext
  readonly reaches: Reaches
  /** Of all witnesses, in order of happening. */
  readonly events: TraceEvent[]
  readonly console: string[]
  hello: { probe: RealmProbe; declaration: SubjectDeclaration } | null
  end: End | null
  /** What the artifact's message broke on. Kept, as thrown it would land in the artifact itself. */
  fault: unknown
  /** Virtual time at which the run is given up. */
  limit_ms: number
  /** Virtual time of the scenario's tick 0; null before the realm told. */
  origin_ms: number | null
  /** A promise was rejected and Node has not told yet whether somebody listens. */
  rejected: boolean
}

/** Real time between two turns of Node's own loop. */
const CHUNK_MS = 20
const CLOCK_CHECK_TASKS = 64
const CONSOLE_LIMIT = 1000
/** 2020-01-01; the seed moves it by up to four years. */
const EPOCH_MS = 1_577_836_800_000
const EPOCH_SPAN_MS = 126_230_400_000
const EPOCH_STEP_MS = 86_399_999

export function createSession(options: SessionOptions): Session {
  const clockwork = createClockwork()
  const reaches = createReaches()
  const events: TraceEvent[] = []
  const lines: string[] = []
  const connections = new Map<string, number>()
  const link: Link = {
    scenario: () => options.scenario,
    asset: (name) => options.assets.get(name) ?? null,
    hop: clockwork.hop,
    deliver: clockwork.deliver,
    nextConnection(peer, id) {
      const nth = (connections.get(`${peer}/${id}`) ?? 0) + 1
      connections.set(`${peer}/${id}`, nth)
      return nth
    },
    record(event, from) {
      const ms = session.origin_ms === null ? 0 : clockwork.now() - session.origin_ms
      events.push({ ...event, witness: 'peer', seq: 0, ticks: Math.round(ms / (options.scenario?.tick_ms ?? 1)), ms, ...from } as TraceEvent)
    },
  }
  const kernel = createKernel(options, clockwork, link, {
    control: (message) => hear(session, message),
    log: (line) => { if (lines.length < CONSOLE_LIMIT) lines.push(line) },
    reach: reaches.note,
  })
  const context = createLabContext(options.host_source, kernel, options.limits.turn_ms)
  const session: Session = {
    options, clockwork, context, reaches, events, console: lines,
    hello: null, end: null, fault: null, limit_ms: options.limits.grace_ms, origin_ms: null, rejected: false,
  }
  return session
}

function createKernel({ seed }: SessionOptions, clockwork: Clockwork, link: Link, outward: Pick<LabKernel, 'control' | 'log' | 'reach'>): LabKernel {
  const sockets = createSocketNetwork(link)
  const http = createHttpNetwork(link)
  const owned = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)
  return {
    ...textKernel,
    ...outward,
    clock: clockwork.clock,
    seed,
    epoch_ms: EPOCH_MS + (seed * EPOCH_STEP_MS) % EPOCH_SPAN_MS,
    origin: LAB_ORIGIN,
    host_global: INJECTED_HOST,
    schedule: clockwork.schedule,
    cancel: clockwork.cancel,
    take: clockwork.take,
    socketOpen: (id, url, protocols) => sockets.open(id, url, protocols === '' ? [] : protocols.split(',')),
    socketSend: (id, data) => sockets.send(id, typeof data === 'string' ? data : owned(data)),
    socketClose: (id, code, reason) => sockets.close(id, code < 0 ? null : code, reason),
    socketBuffered: (id) => sockets.buffered(id),
    httpOpen: (id, { method, url, headers, body }) => http.open(id, { method, url, headers, body: body === null ? null : owned(body) }),
    httpAbort: (id) => http.abort(id),
  }
}

function hear(session: Session, message: unknown): void {
  if (session.end !== null || session.fault !== null) return
  try {
    heed(session, parseRealmMessage(message))
  } catch (error) {
    session.fault = error
  }
}

function heed(session: Session, message: FromRealm): void {
  switch (message.type) {
    case 'hello':
      session.hello = { probe: message.probe, declaration: message.subject }
      return order(session)
    case 'events': {
      const last = message.events.at(-1)
      // The realm counts `ms` from tick 0.
      if (last !== undefined) session.origin_ms = session.clockwork.now() - last.ms
      for (const event of message.events) session.events.push(event)
      return
    }
    case 'heartbeat':
      return
    case 'done':
    case 'failed':
      session.end = message
  }
}

function order(session: Session): void {
  const { scenario, seed, limits } = session.options
  if (scenario === null) {
    session.end = { type: 'done', stalled: false }
    return
  }
  const run: RunOrder = {
    type: 'run', scenario, seed, origin: LAB_ORIGIN, h2_origin: H2_ORIGIN, peer_path: PEER_PATH, refused_origins: refusedOrigins(scenario), route: 'direct', bridge_url: null,
  }
  session.limit_ms = session.clockwork.now() + scenario.limit_ticks * scenario.tick_ms + limits.grace_ms
  session.reaches.runBegins()
  session.clockwork.deliver({ to: 'control', text: JSON.stringify(run) })
}

/**
 * Runs until the artifact says it is done, or nothing is left to run.
 * Throws `subject_does_not_parse`, `subject_throws`, `subject_invalid`, `lab_stalled`, `internal`.
 */
export async function drive(session: Session): Promise<void> {
  const { context, options, clockwork } = session
  const sink = {
    rejected: () => { session.rejected = true },
    unhandled: (reason: unknown) => clockwork.deliver({ to: 'rejection', reason }),
  }
  withRejections(sink, () => context.evaluate(options.artifact))
  for (let idle = false; session.end === null && session.fault === null;) {
    if (idle && !session.rejected) return
    if (idle || session.rejected) await nodeTurn()
    session.rejected = false
    withRejections(sink, () => context.guarded(() => { idle = runChunk(session) }, options.limits.turn_ms + CHUNK_MS))
    if (!idle && session.end === null) await nodeTurn()
  }
  if (session.fault !== null) throw session.fault
  settleNetwork(session)
}

const nodeTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

/** Runs tasks for a while; true when none is left to run. Time moves only here, to the next task's due time. */
function runChunk(session: Session): boolean {
  const { clockwork, context, options } = session
  const until = performance.now() + CHUNK_MS
  for (let count = 1; session.end === null && session.fault === null && !session.rejected; count++) {
    const next = clockwork.next(session.limit_ms)
    if (next === null) return true
    if (next === 'inside') context.turn()
    else next()
    if (clockwork.tasksRun() > options.limits.tasks) throw new LanecheckError('lab_stalled', `the subject ran more than ${options.limits.tasks} tasks`)
    if (count % CLOCK_CHECK_TASKS === 0 && performance.now() > until) return false
  }
  return false
}

/** After the end: what is already on its way reaches the peers, so that they see closes and aborts; the context runs no more. */
function settleNetwork({ clockwork }: Session): void {
  const now = clockwork.now()
  for (let next = clockwork.next(now); next !== null; next = clockwork.next(now)) if (next !== 'inside') next()
}
