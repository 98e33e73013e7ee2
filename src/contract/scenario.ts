import { z } from 'zod'
import { AdmissionRuleSchema } from './admission-rule.js'
import { ScenarioIdSchema } from './lane.js'
import { PageConditionSchema } from './page-conditions.js'
import { CapabilitySchema, HostRoleSchema, HttpVersionSchema, MATRIX_HOST_ROLES, SurfaceFamilySchema, TimeoutOutcomeClassSchema, TakenGlobalSchema, TierSchema, type HostRole } from './vocabulary.js'

/**
 * A scenario is data: it travels to any realm, into the bundle, and shrinks.
 * Times are ticks of the scenario clock unless a name ends in `_ms`.
 */

export const NameSchema = z.string().regex(/^[a-z][a-z0-9_]*$/, 'want a lower-case word: letters, digits, underscores')
/** A task of the subject's, by the name it has there. */
export const TaskNameSchema = z.string().max(100).regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'want the name of a task: letters, digits, underscores')
const Ticks = z.number().int().min(0).max(10_000)
const Count = z.number().int().min(1).max(10_000)

/** The longest message a scenario may carry, in bytes. */
export const MESSAGE_LIMIT = 4 * 1024 * 1024
const Length = z.number().int().min(0).max(MESSAGE_LIMIT)

export const MessageSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string().max(4096), count: Count.optional() }),
  z.strictObject({ kind: z.literal('hex'), hex: z.string().regex(/^(?:[0-9a-f]{2})*$/).max(8192) }),
  z.strictObject({ kind: z.literal('fill_text'), length: Length }),
  z.strictObject({ kind: z.literal('fill_binary'), length: Length }),
])

// ── Steps that may run inside a callback: they end in the same turn. ──

/** Sets a one-shot timer. Exactly one of `after_ticks` and `after_ms`. */
export interface TimerSet { op: 'timer.set'; timer: string; after_ticks?: number | undefined; after_ms?: number | undefined; on_fire?: SyncStep[] | undefined }
/** Repeats every `every_ticks`; `clear_after` clears it inside its own n-th tick. */
export interface TimerInterval { op: 'timer.interval'; timer: string; every_ticks: number; clear_after?: number | undefined; on_fire?: SyncStep[] | undefined }
export interface DeadlineStart { op: 'deadline.start'; deadline: string; on_exceed?: SyncStep[] | undefined }

export const SimpleSyncStepSchema = z.discriminatedUnion('op', [
  /** `count` one-shot timers under one name; delays cycle through `after_ticks`. */
  z.strictObject({ op: z.literal('timer.set_many'), timer: NameSchema, count: Count, after_ticks: z.array(Ticks).min(1) }),
  z.strictObject({ op: z.literal('timer.clear'), timer: NameSchema }),
  z.strictObject({ op: z.literal('deadline.finish'), deadline: NameSchema, how: z.enum(['completed', 'cancelled']) }),
  z.strictObject({ op: z.literal('mark'), mark: NameSchema }),
  /** Records the mark from a microtask queued here. */
  z.strictObject({ op: z.literal('microtask'), mark: NameSchema }),
  z.strictObject({ op: z.literal('socket.open'), channel: NameSchema, peer: NameSchema, protocols: z.array(NameSchema).optional() }),
  z.strictObject({ op: z.literal('socket.send'), channel: NameSchema, message: MessageSpecSchema }),
  z.strictObject({ op: z.literal('socket.close'), channel: NameSchema, code: z.number().int().optional(), reason: z.string().optional() }),
  z.strictObject({
    op: z.literal('request.send'), exchange: NameSchema, peer: NameSchema, path: z.string().regex(/^[a-z0-9_\-./]*$/).optional(),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(), headers: z.record(z.string(), z.string()).optional(),
    body: MessageSpecSchema.optional(), redirect: z.enum(['follow', 'error']).optional(),
  }),
  z.strictObject({ op: z.literal('request.cancel'), exchange: NameSchema }),
  z.strictObject({ op: z.literal('events.open'), stream: NameSchema, peer: NameSchema }),
  z.strictObject({ op: z.literal('events.close'), stream: NameSchema }),
  /**
   * Calls a task of the subject with `input`, null when left out. `deadline`: starts with the call and ends with it; the harness's own clock holds it,
   * and when it runs out the call has timed out.
   */
  z.strictObject({ op: z.literal('call.start'), call: NameSchema, task: TaskNameSchema, input: z.json().optional(), deadline: NameSchema.optional() }),
  /** The caller takes no result any more; does nothing when the call has ended. */
  z.strictObject({ op: z.literal('call.cancel'), call: NameSchema }),
])
export type SyncStep = z.infer<typeof SimpleSyncStepSchema> | TimerSet | TimerInterval | DeadlineStart

const TimerSetSchema: z.ZodType<TimerSet> = z.lazy(() => z.strictObject({
  op: z.literal('timer.set'), timer: NameSchema, after_ticks: Ticks.optional(), after_ms: z.number().int().min(-1).max(2 ** 33).optional(), on_fire: z.array(SyncStepSchema).optional(),
}).refine((step) => (step.after_ticks === undefined) !== (step.after_ms === undefined), 'want exactly one of after_ticks and after_ms'))
const TimerIntervalSchema: z.ZodType<TimerInterval> = z.lazy(() => z.strictObject({
  op: z.literal('timer.interval'), timer: NameSchema, every_ticks: Ticks.min(1), clear_after: Count.optional(), on_fire: z.array(SyncStepSchema).optional(),
}))
const DeadlineStartSchema: z.ZodType<DeadlineStart> = z.lazy(() => z.strictObject({
  op: z.literal('deadline.start'), deadline: NameSchema, on_exceed: z.array(SyncStepSchema).optional(),
}))
export const SyncStepSchema: z.ZodType<SyncStep> = z.union([SimpleSyncStepSchema, TimerSetSchema, TimerIntervalSchema, DeadlineStartSchema])

// ── Steps that wait: only at the top level of a task. ──

export const WaitStepSchema = z.discriminatedUnion('op', [
  /** Waits on the harness's own clock, not through the subject. */
  z.strictObject({ op: z.literal('wait'), ticks: Ticks }),
  /** Until the timer fired `fired` times (default 1; all of a `set_many`), or was cleared. */
  z.strictObject({ op: z.literal('timer.wait'), timer: NameSchema, fired: Count.optional() }),
  z.strictObject({ op: z.literal('deadline.wait'), deadline: NameSchema }),
  z.strictObject({ op: z.literal('socket.wait_open'), channel: NameSchema }),
  /** Until `count` messages have come in on the channel in all, or it closed. */
  z.strictObject({ op: z.literal('socket.wait_message'), channel: NameSchema, count: Count }),
  z.strictObject({ op: z.literal('socket.wait_close'), channel: NameSchema }),
  z.strictObject({ op: z.literal('request.wait_head'), exchange: NameSchema }),
  z.strictObject({ op: z.literal('request.wait_bytes'), exchange: NameSchema, at_least: Count }),
  z.strictObject({ op: z.literal('request.wait_end'), exchange: NameSchema }),
  z.strictObject({ op: z.literal('events.wait'), stream: NameSchema, count: Count }),
  /** Until the call ended, or reported `reports` times in all. */
  z.strictObject({ op: z.literal('call.wait'), call: NameSchema, reports: Count.optional() }),
  /** Shuts the subject down now; otherwise it is shut down when all tasks have ended. */
  z.strictObject({ op: z.literal('shutdown') }),
])
export type WaitStep = z.infer<typeof WaitStepSchema>
export const StepSchema: z.ZodType<Step> = z.union([SyncStepSchema, WaitStepSchema])
export type Step = SyncStep | WaitStep

// ── Peers: what the other side does, as data; one state machine plays it in the lab and live. ──

export const SocketActionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('wait'), ticks: Ticks }),
  z.strictObject({ do: z.literal('send'), message: MessageSpecSchema }),
  /** Sends back the message that set this action off. */
  z.strictObject({ do: z.literal('echo') }),
  z.strictObject({ do: z.literal('close'), code: z.number().int(), reason: z.string().optional() }),
  /** Ends the connection without a closing handshake. */
  z.strictObject({ do: z.literal('terminate') }),
])
export const SocketConnectionSchema = z.strictObject({
  handshake: z.discriminatedUnion('answer', [
    z.strictObject({ answer: z.literal('accept'), protocol: NameSchema.optional() }),
    z.strictObject({ answer: z.literal('reject'), status: z.number().int().min(400).max(599) }),
    z.strictObject({ answer: z.literal('never') }),
  ]),
  on_open: z.array(SocketActionSchema).optional(),
  /** `nth` counts the subject's messages on this connection from 1; a rule without it holds for each. All matching rules run, in order. */
  on_message: z.array(z.strictObject({ nth: Count.optional(), actions: z.array(SocketActionSchema) })).optional(),
})
export const HttpActionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('wait'), ticks: Ticks }),
  /** Goes on when the request's body has come in whole. */
  z.strictObject({ do: z.literal('await_body') }),
  z.strictObject({ do: z.literal('head'), status: z.number().int().min(200).max(599), headers: z.record(z.string(), z.string()).optional() }),
  z.strictObject({ do: z.literal('body'), message: MessageSpecSchema }),
  z.strictObject({ do: z.literal('end') }),
  /** Writes these characters to the connection as they are, outside all framing; for malformed answers. */
  z.strictObject({ do: z.literal('raw'), text: z.string() }),
  /** Breaks the connection off. */
  z.strictObject({ do: z.literal('destroy') }),
])
export const HttpExchangeScriptSchema = z.strictObject({ actions: z.array(HttpActionSchema) })
export const PeerModelSchema = z.discriminatedUnion('kind', [
  /** The n-th connection of a channel gets the n-th script; the last one repeats. */
  z.strictObject({ kind: z.literal('websocket'), connections: z.array(SocketConnectionSchema).min(1) }),
  /** The n-th request of an exchange or event stream gets the n-th script; the last one repeats. */
  z.strictObject({
    kind: z.literal('http'), exchanges: z.array(HttpExchangeScriptSchema).min(1),
    /** `http/1.1` when left out; `h2` is spoken over TLS alone. */
    http_version: HttpVersionSchema.optional(),
  }),
  /** Nothing listens at its address. */
  z.strictObject({ kind: z.literal('refused') }),
])

// ── Expectation: the semantics, independent of lab and live. ──

export const CLOSE_INITIATORS = ['subject', 'peer', 'network'] as const
export const CloseSchema = z.strictObject({ initiator: z.enum(CLOSE_INITIATORS), code: z.number().int(), reason: z.string(), clean: z.boolean() })

/** `kind.id.event`, `#n` for the n-th time: `timer.a.fired`, `channel.c.message#2`, `mark.m`. */
export const LabelSchema = z.string().regex(/^(?:mark\.[a-z0-9_]+|(?:timer|deadline|channel|exchange|stream|call|task)\.[a-z0-9_]+\.[a-z_]+)(?:#[1-9][0-9]*)?$/, 'not an event label, as in timer.a.fired or channel.c.message#2')

/** How a call ended for its caller; `pending`: not at all. */
export const CALL_ENDS = ['completed', 'failed', 'cancelled', 'timed_out', 'pending'] as const
/** What a task did after its call had been cancelled or had timed out: it rejected, it fulfilled all the same, it was never heard of again. */
export const CALL_AFTERMATHS = ['stopped', 'result', 'running'] as const
export const CallExpectationSchema = z.strictObject({
  end: z.enum(CALL_ENDS),
  /** Compared as canonical JSON; left out: whatever it is, it is the same in lab and live. */
  result: z.json().optional(),
  /** The result is another one each time, as with random numbers: it is compared with nothing. */
  result_varies: z.literal(true).optional(),
  /** `name` of the error of a call that failed. */
  error_name: z.string().optional(),
  /** After it was cancelled or timed out; `stopped` when left out. */
  late: z.enum(CALL_AFTERMATHS).optional(),
  late_result: z.json().optional(),
  /** What it reported before its end, in order; none when left out. */
  reports: z.array(z.json()).optional(),
})

export const OUTCOMES = ['completed', 'subject_error', 'trap', 'stalled'] as const
export const ExpectationSchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  timers: z.record(NameSchema, z.strictObject({ outcome: z.enum(['fired', 'cancelled', 'pending']), fired: z.number().int().min(0) })),
  deadlines: z.record(NameSchema, TimeoutOutcomeClassSchema),
  channels: z.record(NameSchema, z.strictObject({
    opened: z.boolean(),
    protocol: z.string().optional(),
    /** What the subject handed to its user, in order. */
    received: z.array(MessageSpecSchema),
    /** What the peer received, in order. */
    peer_received: z.array(MessageSpecSchema),
    /** Sends that the subject refused (send after close). */
    refused_sends: z.number().int().min(0).optional(),
    close: CloseSchema,
  })),
  exchanges: z.record(NameSchema, z.strictObject({
    end: z.enum(['completed', 'cancelled', 'failed']),
    status: z.number().int().nullable(),
    /** The body handed to the subject's user, as the concatenation of these; left out when cut short at a point the scenario does not fix. */
    body: z.array(MessageSpecSchema).optional(),
    redirected: z.boolean().optional(),
    /** What the peer saw of its last request: it ended it, the client broke it off, it broke it off itself, it never came. */
    peer_saw: z.enum(['ended', 'aborted', 'destroyed', 'nothing']),
    requests: z.number().int().min(0).optional(),
    /** The body of its last request as the peer received it, as the concatenation of these. */
    request_body: z.array(MessageSpecSchema).optional(),
    protocol_version: HttpVersionSchema.optional(),
    /** Other exchanges that must have come over the same transport connection. */
    shares_connection: z.array(NameSchema).optional(),
  })),
  streams: z.record(NameSchema, z.strictObject({
    events: z.array(z.strictObject({ id: z.string(), event: z.string(), data: z.string() })),
    /** Connections the peer saw. */
    connections: z.number().int().min(0),
    /** `Last-Event-ID` of each connection as the peer saw it; an empty string where there was none. */
    last_event_ids: z.array(z.string()).optional(),
  })),
  /** By call; none when left out. */
  calls: z.record(NameSchema, CallExpectationSchema).optional(),
  /** Happens-before chains over event labels of the subject's witness. */
  orders: z.array(z.array(LabelSchema).min(2)),
  /** Exact tick of a label in the lab; live it is compared through the normalization window. */
  at_ticks: z.record(LabelSchema, Ticks).optional(),
  /** How realms are to be admitted: the first rule that holds decides. */
  admission: z.array(AdmissionRuleSchema).min(1).optional(),
})

export const ScenarioSchema = z.strictObject({
  id: ScenarioIdSchema,
  title: z.string().min(1),
  surface_family: SurfaceFamilySchema,
  tiers: z.array(TierSchema).min(1),
  /** What the page of the realm is; `plain` when left out. */
  page: PageConditionSchema.optional(),
  /** What it takes of the realm beside what the subject requires. */
  needs: z.array(CapabilitySchema).min(1).optional(),
  /** Globals that its realms are made without; none when left out. */
  without: z.array(TakenGlobalSchema).min(1).optional(),
  /** Where it is planned; the roles of the matrix when left out. */
  host_roles: z.array(HostRoleSchema).min(1).optional(),
  scenario_clock_id: z.string().min(1),
  /** Live length of a tick, in ms; the lab uses the same, virtually. */
  tick_ms: z.number().int().min(1).max(1000),
  normalization_window: z.strictObject({ early_ticks: z.number().int().min(0), late_ticks: z.number().int().min(0) }),
  /** The deadline the verdict reports on; null when the scenario compares no time-out. */
  logical_deadline_id: NameSchema.nullable(),
  deadlines: z.record(NameSchema, z.strictObject({ budget_ticks: Ticks })),
  peers: z.record(NameSchema, PeerModelSchema),
  /** Tasks run concurrently; steps of a task in order. */
  tasks: z.record(NameSchema, z.array(StepSchema).min(1)),
  /** Ticks after which Node gives the cell up as stalled. */
  limit_ticks: z.number().int().min(1).max(10_000),
  expect: ExpectationSchema,
})

export type SocketAction = z.infer<typeof SocketActionSchema>
export type SocketConnectionScript = z.infer<typeof SocketConnectionSchema>
export type HttpAction = z.infer<typeof HttpActionSchema>
export type HttpExchangeScript = z.infer<typeof HttpExchangeScriptSchema>
export type PeerModel = z.infer<typeof PeerModelSchema>
export type Close = z.infer<typeof CloseSchema>
export type CallExpectation = z.infer<typeof CallExpectationSchema>
export type Outcome = (typeof OUTCOMES)[number]
export type Expectation = z.infer<typeof ExpectationSchema>
export type Scenario = z.infer<typeof ScenarioSchema>

/** Where a scenario is planned. */
export const rolesOf = ({ host_roles }: Pick<Scenario, 'host_roles'>): readonly HostRole[] => host_roles ?? MATRIX_HOST_ROLES
