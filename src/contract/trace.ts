import { z } from 'zod'
import { BRIDGE_REASONS, LINE_CARRIERS } from './bridge-words.js'
import { HostRoleSchema } from './vocabulary.js'

/**
 * What the witnesses record, one event a line.
 * `subject`: what the subject handed to its user. `page`: the recorder at the realm's boundary.
 * `peer`: the other side. `bridge`: a host of the bridge. `proxy`: the wall around the engine.
 * `ticks` is qualified time; `ms` is provenance only.
 */
export const MessageSummarySchema = z.strictObject({
  kind: z.enum(['text', 'binary']), length: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/), text: z.string().optional(),
})

const stamp = { seq: z.number().int().min(0), ticks: z.number().int(), ms: z.number() }
const subject = { ...stamp, witness: z.literal('subject'), id: z.string() }
const page = { ...stamp, witness: z.literal('page'), id: z.string() }
const peer = { ...stamp, witness: z.literal('peer'), id: z.string(), peer: z.string(), connection: z.number().int().min(1) }
const kind = <const Token extends string>(token: Token) => ({ kind: z.literal(token) })

/** What a subject can leave alive in its realm. */
export const LEFT_KINDS = ['timer', 'channel', 'request', 'stream', 'listener', 'worker', 'message_port', 'broadcast_channel'] as const
export const LeftAliveSchema = z.strictObject({
  what: z.enum(LEFT_KINDS),
  id: z.string(),
  /** The call that made it, as in `setTimeout` or `addEventListener("online") on self`. */
  call: z.string(),
  /** Where that call came from, innermost first, as in `poll (src/poll.ts:12)`: frames of the subject alone. Engines tell them each in their own way, and wasm has no lines. */
  stack: z.array(z.string()),
})
export type LeftAlive = z.infer<typeof LeftAliveSchema>

const SUBJECT_EVENTS = [
  z.strictObject({ ...subject, ...kind('mark') }),
  z.strictObject({ ...subject, ...kind('task.finished') }),
  z.strictObject({ ...subject, ...kind('log'), text: z.string() }),
  z.strictObject({ ...subject, ...kind('timer.set'), delay_ms: z.number() }),
  /** `index` tells the timers of a `set_many` apart. */
  z.strictObject({ ...subject, ...kind('timer.fired'), index: z.number().int().optional() }),
  z.strictObject({ ...subject, ...kind('timer.cleared') }),
  z.strictObject({ ...subject, ...kind('deadline.started'), budget_ticks: z.number().int() }),
  z.strictObject({ ...subject, ...kind('deadline.exceeded') }),
  z.strictObject({ ...subject, ...kind('deadline.completed') }),
  z.strictObject({ ...subject, ...kind('deadline.cancelled') }),
  z.strictObject({ ...subject, ...kind('channel.opening') }),
  z.strictObject({ ...subject, ...kind('channel.open'), protocol: z.string() }),
  z.strictObject({ ...subject, ...kind('channel.sent'), message: MessageSummarySchema }),
  z.strictObject({ ...subject, ...kind('channel.send_refused'), error: z.string() }),
  z.strictObject({ ...subject, ...kind('channel.message'), message: MessageSummarySchema }),
  z.strictObject({ ...subject, ...kind('channel.error') }),
  z.strictObject({ ...subject, ...kind('channel.closing'), code: z.number().int().nullable(), reason: z.string().nullable() }),
  z.strictObject({ ...subject, ...kind('channel.closed'), code: z.number().int(), reason: z.string(), clean: z.boolean() }),
  z.strictObject({ ...subject, ...kind('exchange.sent') }),
  z.strictObject({ ...subject, ...kind('exchange.head'), status: z.number().int(), redirected: z.boolean() }),
  z.strictObject({ ...subject, ...kind('exchange.chunk'), bytes: z.number().int() }),
  z.strictObject({ ...subject, ...kind('exchange.completed'), body: MessageSummarySchema }),
  z.strictObject({ ...subject, ...kind('exchange.cancelling') }),
  z.strictObject({ ...subject, ...kind('exchange.cancelled') }),
  z.strictObject({ ...subject, ...kind('exchange.failed'), error: z.string() }),
  z.strictObject({ ...subject, ...kind('stream.opening') }),
  z.strictObject({ ...subject, ...kind('stream.open') }),
  z.strictObject({ ...subject, ...kind('stream.event'), event_id: z.string(), event: z.string(), data: z.string() }),
  z.strictObject({ ...subject, ...kind('stream.error'), final: z.boolean() }),
  z.strictObject({ ...subject, ...kind('stream.closed') }),
  /** A call as its caller sees it; `id` is the call. JSON is summarized as the text of its canonical form. */
  z.strictObject({ ...subject, ...kind('call.started'), task: z.string(), input: MessageSummarySchema }),
  z.strictObject({ ...subject, ...kind('call.reported'), value: MessageSummarySchema }),
  z.strictObject({ ...subject, ...kind('call.completed'), result: MessageSummarySchema }),
  z.strictObject({ ...subject, ...kind('call.failed'), error: z.string(), message: z.string() }),
  z.strictObject({ ...subject, ...kind('call.cancelled') }),
  z.strictObject({ ...subject, ...kind('call.timed_out') }),
  /** After it was cancelled or timed out: the task rejected, or fulfilled all the same. */
  z.strictObject({ ...subject, ...kind('call.stopped'), error: z.string() }),
  z.strictObject({ ...subject, ...kind('call.late_result'), result: MessageSummarySchema }),
  /**
   * Something the subject threw, or a trap inside its WASM. `id` is the step, or `start`, `uncaught`, `unhandled rejection`, `shutdown`.
   * `panic`: what a panic hook told the console before the trap. Message, stack and panic are worded by engine and package, and never compared.
   */
  z.strictObject({ ...subject, ...kind('subject.threw'), name: z.string(), message: z.string(), trap: z.boolean(), stack: z.string().optional(), panic: z.string().optional() }),
  /** The step needs a family the subject does not have; `family` as in `timers.interval`. */
  z.strictObject({ ...subject, ...kind('family.absent'), family: z.string() }),
  z.strictObject({ ...subject, ...kind('shutdown.started') }),
  z.strictObject({ ...subject, ...kind('shutdown.finished') }),
] as const

const PAGE_EVENTS = [
  /** `id` is the host's own handle, counted from 1 by the recorder. */
  z.strictObject({ ...page, ...kind('host.timer.set'), delay_ms: z.number(), repeat: z.boolean() }),
  z.strictObject({ ...page, ...kind('host.timer.fired') }),
  z.strictObject({ ...page, ...kind('host.timer.cleared') }),
  /** `id` is the channel, exchange or stream that the address names. */
  z.strictObject({ ...page, ...kind('host.socket.created') }),
  z.strictObject({ ...page, ...kind('host.socket.open'), protocol: z.string() }),
  z.strictObject({ ...page, ...kind('host.socket.sent'), message: MessageSummarySchema }),
  z.strictObject({ ...page, ...kind('host.socket.message'), message: MessageSummarySchema }),
  z.strictObject({ ...page, ...kind('host.socket.close_called'), code: z.number().int().nullable(), reason: z.string().nullable() }),
  z.strictObject({ ...page, ...kind('host.socket.closed'), code: z.number().int(), reason: z.string(), clean: z.boolean() }),
  z.strictObject({ ...page, ...kind('host.fetch.sent'), method: z.string() }),
  z.strictObject({ ...page, ...kind('host.fetch.head'), status: z.number().int(), redirected: z.boolean() }),
  z.strictObject({ ...page, ...kind('host.fetch.chunk'), bytes: z.number().int() }),
  z.strictObject({ ...page, ...kind('host.fetch.ended'), bytes: z.number().int() }),
  z.strictObject({ ...page, ...kind('host.fetch.aborted') }),
  z.strictObject({ ...page, ...kind('host.fetch.failed'), error: z.string() }),
  z.strictObject({ ...page, ...kind('host.events.created') }),
  z.strictObject({ ...page, ...kind('host.events.message') }),
  z.strictObject({ ...page, ...kind('host.events.error'), final: z.boolean() }),
  z.strictObject({ ...page, ...kind('host.events.close_called') }),
  /** The subject reached for an address outside the captured loopback. `id` is the API. */
  z.strictObject({ ...page, ...kind('host.outside'), url: z.string() }),
  /** What was alive at the boundary after the subject's shutdown: recorder ids, and in `left` all of it by name, left out when there is nothing. */
  z.strictObject({
    ...page, ...kind('host.alive'), timers: z.array(z.string()), sockets: z.array(z.string()), requests: z.array(z.string()), streams: z.array(z.string()), left: z.array(LeftAliveSchema).min(1).optional(),
  }),
  /** Of each WebAssembly module that the subject instantiated, counted from 1: from the second instance on it was started again. Modules with equal imports and exports are one. */
  z.strictObject({ ...page, ...kind('host.wasm.module'), instances: z.number().int().min(1) }),
  /** Of each WebAssembly memory, counted from 1: its pages of 64 KiB when it was first seen, and after the subject's shutdown. */
  z.strictObject({ ...page, ...kind('host.wasm.memory'), pages_before: z.number().min(0), pages_after: z.number().min(0) }),
] as const

const PEER_EVENTS = [
  z.strictObject({ ...peer, ...kind('peer.connected'), protocols: z.array(z.string()) }),
  z.strictObject({ ...peer, ...kind('peer.accepted'), protocol: z.string() }),
  z.strictObject({ ...peer, ...kind('peer.rejected'), status: z.number().int() }),
  z.strictObject({ ...peer, ...kind('peer.message'), message: MessageSummarySchema }),
  z.strictObject({ ...peer, ...kind('peer.sent'), message: MessageSummarySchema }),
  z.strictObject({ ...peer, ...kind('peer.close_sent'), code: z.number().int(), reason: z.string() }),
  z.strictObject({ ...peer, ...kind('peer.terminated') }),
  z.strictObject({ ...peer, ...kind('peer.closed'), code: z.number().int(), reason: z.string(), clean: z.boolean() }),
  /** `http_version` as in `HTTP/1.1` or `HTTP/2.0`; `transport` counts the transport connections that the peers of a run saw, from 1. */
  z.strictObject({ ...peer, ...kind('peer.request'), method: z.string(), path: z.string(), http_version: z.string(), transport: z.number().int().min(1), last_event_id: z.string() }),
  z.strictObject({ ...peer, ...kind('peer.request_body'), body: MessageSummarySchema }),
  z.strictObject({ ...peer, ...kind('peer.head_sent'), status: z.number().int() }),
  z.strictObject({ ...peer, ...kind('peer.body_sent'), bytes: z.number().int() }),
  z.strictObject({ ...peer, ...kind('peer.raw_sent'), bytes: z.number().int() }),
  z.strictObject({ ...peer, ...kind('peer.ended') }),
  z.strictObject({ ...peer, ...kind('peer.destroyed') }),
  /** The client broke the exchange off before the peer ended it. */
  z.strictObject({ ...peer, ...kind('peer.aborted') }),
] as const

const PROXY_EVENTS = [
  /** Someone in the engine asked the refusing proxy for an outside address; `id` is the host asked for. */
  z.strictObject({ ...stamp, witness: z.literal('proxy'), id: z.string(), ...kind('proxy.refused'), attributed_to: z.enum(['subject', 'browser', 'unattributed']) }),
] as const

const BRIDGE_EVENTS = [
  /** Steps of the handshake and the session, as one of its two sides logged them. */
  z.strictObject({
    ...stamp, witness: z.literal('bridge'), id: z.string(), side: z.enum(['realm', 'server']),
    kind: z.enum(['bridge.offered', 'bridge.accepted', 'bridge.refused', 'bridge.run', 'bridge.cancelled', 'bridge.finished', 'bridge.lost', 'bridge.closed', 'bridge.passed']),
    /** Of a server's `bridge.finished`, the artifact is the one that its worker says it evaluated. */
    session: z.string(), artifact_sha256: z.string().nullable(),
    carrier: z.enum(LINE_CARRIERS).optional(),
    /** Of `bridge.passed`: what the door to a subject's own server handed on: a message of a WebSocket, or the body of a request or an answer. */
    direction: z.enum(['up', 'down']).optional(),
    message: MessageSummarySchema.optional(),
    /** Of `bridge.offered`: who asks, as it says of itself. */
    proven_role: HostRoleSchema.nullable().optional(),
    /** Of `bridge.refused` and `bridge.lost`. */
    reason: z.enum(BRIDGE_REASONS).optional(),
    /** Of `bridge.finished`: events of subject and page that this side passed on, and of the server's their digest, `seq` left out. */
    events: z.number().int().min(0).optional(),
    events_sha256: z.string().optional(),
  }),
] as const

export const SubjectEventSchema = z.discriminatedUnion('kind', SUBJECT_EVENTS)
export const PageEventSchema = z.discriminatedUnion('kind', PAGE_EVENTS)
export const PeerEventSchema = z.discriminatedUnion('kind', PEER_EVENTS)
export const BridgeEventSchema = BRIDGE_EVENTS[0]
export const ProxyEventSchema = PROXY_EVENTS[0]
export const RealmEventSchema = z.union([SubjectEventSchema, PageEventSchema, BridgeEventSchema])
export const TraceEventSchema = z.union([SubjectEventSchema, PageEventSchema, PeerEventSchema, ProxyEventSchema, BridgeEventSchema])

export type SubjectEvent = z.infer<typeof SubjectEventSchema>
export type PageEvent = z.infer<typeof PageEventSchema>
export type PeerEvent = z.infer<typeof PeerEventSchema>
export type ProxyEvent = z.infer<typeof ProxyEventSchema>
export type BridgeEvent = z.infer<typeof BridgeEventSchema>
/** What a realm streams to the loopback. */
export type RealmEvent = z.infer<typeof RealmEventSchema>
export type TraceEvent = z.infer<typeof TraceEventSchema>
export type Witness = TraceEvent['witness']
