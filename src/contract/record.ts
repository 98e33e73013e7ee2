import { z } from 'zod'
import { CALL_AFTERMATHS, CALL_ENDS, CloseSchema, LabelSchema, OUTCOMES } from './scenario.js'
import { LeftAliveSchema, MessageSummarySchema } from './trace.js'
import { ClockSourceSchema, HttpVersionSchema, ObservabilityClassSchema, SurfaceFamilySchema, TimeoutOutcomeClassSchema } from './vocabulary.js'

/**
 * One record from all witnesses of a run, lab and live alike.
 * `semantic` is compared and digested; `witnessed` is compared within the run; `qualified` is compared through the window; `provenance` never.
 * Null stands for a fact no witness recorded.
 */
const Alive = z.number().int()
const Sent = z.array(MessageSummarySchema)

export const SemanticRecordSchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  /** `in_order`: timers of a `set_many` fired by due time, then first set. */
  timers: z.record(z.string(), z.strictObject({ outcome: z.enum(['fired', 'cancelled', 'pending']), fired: z.number().int().min(0), fired_after_clear: z.boolean(), in_order: z.boolean() })),
  deadlines: z.record(z.string(), TimeoutOutcomeClassSchema),
  channels: z.record(z.string(), z.strictObject({
    opened: z.boolean(),
    protocol: z.string().nullable(),
    /** Accepted by the subject from its user; received by the peer; sent by the peer; handed to the subject's user. */
    sent: Sent, peer_received: Sent, peer_sent: Sent, received: Sent,
    refused_sends: z.number().int().min(0),
    messages_after_close: z.number().int().min(0),
    close: CloseSchema.nullable(),
    /** The close as the peer saw it; null when the peer never had the connection. */
    peer_close: z.strictObject({ code: z.number().int(), reason: z.string(), clean: z.boolean() }).nullable(),
  })),
  exchanges: z.record(z.string(), z.strictObject({
    end: z.enum(['completed', 'cancelled', 'failed', 'pending']),
    status: z.number().int().nullable(),
    redirected: z.boolean(),
    /** The whole body when it ended; null when it did not. */
    body: MessageSummarySchema.nullable(),
    cancelled: z.strictObject({ page: z.boolean(), peer: z.boolean() }),
    chunks_after_cancel: z.number().int().min(0),
    peer_saw: z.enum(['ended', 'aborted', 'destroyed', 'nothing', 'pending']),
    requests: z.number().int().min(0),
    /** The body of its last request as the peer received it; null when it did not come in whole. */
    request_body: MessageSummarySchema.nullable(),
    /** Of its last request as the peer saw it; null when none came. */
    protocol_version: HttpVersionSchema.nullable(),
    /** Other exchanges that the peers saw on the same transport connection, by name. */
    shares_connection: z.array(z.string()),
  })),
  streams: z.record(z.string(), z.strictObject({
    events: z.array(z.strictObject({ id: z.string(), event: z.string(), data: z.string() })),
    events_after_close: z.number().int().min(0),
    connections: z.number().int().min(0),
    last_event_ids: z.array(z.string()),
  })),
  /** Calls of the subject's tasks, as their caller saw them; left out where there are none. */
  calls: z.record(z.string(), z.strictObject({
    task: z.string(),
    end: z.enum(CALL_ENDS),
    /** Null when it did not complete, and where the scenario says that it varies. */
    result: MessageSummarySchema.nullable(),
    error_name: z.string().nullable(),
    /** What the task did after its call was cancelled or timed out; null for another end. */
    late: z.enum(CALL_AFTERMATHS).nullable(),
    late_result: MessageSummarySchema.nullable(),
    reports: Sent,
    reports_after_end: z.number().int().min(0),
  })).optional(),
  /** Alive at the realm's boundary after shutdown; null when the recorder did not say. What is left out of the last four was not left alive. */
  cleanup: z.strictObject({
    timers: Alive, channels: Alive, requests: Alive, streams: Alive,
    listeners: Alive.min(1).optional(), workers: Alive.min(1).optional(), message_ports: Alive.min(1).optional(), broadcast_channels: Alive.min(1).optional(),
  }).nullable(),
  orders: z.array(z.strictObject({ chain: z.array(LabelSchema), holds: z.boolean() })),
  /** Addresses the subject reached for outside the captured loopback. */
  outside: z.array(z.strictObject({ api: z.string(), host: z.string() })),
  /** Families a step needed and the subject does not have. */
  absent_families: z.array(z.string()),
})
export type SemanticRecord = z.infer<typeof SemanticRecordSchema>

/** By send, in order: how many messages this witness had seen come in before it. */
const SentAfter = z.array(z.number().int().min(0))

/** What the two ends saw for themselves, by name: compared with each other and with the subject's word within one run, never lab with live. */
export const WitnessedSchema = z.strictObject({
  /** The recorder at the realm's boundary, which for a bridged run is the bridge's; only what it recorded anything of. */
  page: z.strictObject({
    channels: z.record(z.string(), z.strictObject({
      sent: Sent, received: Sent, sent_after: SentAfter,
      close: z.strictObject({ code: z.number().int(), reason: z.string(), clean: z.boolean() }).nullable(),
    })),
    /** `bytes` of a body that ended; the API a subject reads it by may hide them, and then they are 0. */
    exchanges: z.record(z.string(), z.strictObject({ end: z.enum(['ended', 'aborted', 'failed', 'pending']), status: z.number().int().nullable(), bytes: z.number().int().nullable() })),
    /** Events without a name of their own. */
    streams: z.record(z.string(), z.strictObject({ messages: z.number().int().min(0) })),
  }),
  peer: z.strictObject({
    channels: z.record(z.string(), z.strictObject({ sent_after: SentAfter, close_sent: z.strictObject({ code: z.number().int(), reason: z.string() }).nullable() })),
    /** Of the last answer; `bytes` null when it was not framed by the peer's own hand. */
    exchanges: z.record(z.string(), z.strictObject({ status: z.number().int().nullable(), bytes: z.number().int().nullable() })),
  }),
})
export type Witnessed = z.infer<typeof WitnessedSchema>

/** The fields whose observability is computed. */
export const OBSERVED_FIELDS = [
  'outcome', 'timer_outcomes', 'timeout_outcome_class', 'logical_elapsed_ticks', 'orders', 'cleanup',
  'channel_sent', 'channel_received', 'channel_close', 'exchange_end', 'exchange_body', 'protocol_version', 'cancellation', 'stream_events', 'call_end', 'call_stopped', 'outside',
] as const
export const ObservedFieldSchema = z.enum(OBSERVED_FIELDS)
export type ObservedField = z.infer<typeof ObservedFieldSchema>

export const FieldObservabilitySchema = z.strictObject({
  field: ObservedFieldSchema,
  class: ObservabilityClassSchema,
  /** The witnesses that recorded it. */
  witnesses: z.array(z.enum(['subject', 'page', 'peer', 'bridge', 'proxy'])),
  /** True when the row asks for direct capture of it in this scenario. */
  required: z.boolean(),
})
export type FieldObservability = z.infer<typeof FieldObservabilitySchema>

/** Kept and never compared: an engine may start a module where another kept one, and pages are as many as an allocator asked for. */
export const WasmProvenanceSchema = z.strictObject({
  /** Of each module, how often it was instantiated; from the second time on it was started again. */
  instances: z.array(z.number().int().min(1)),
  /** Of each memory, its pages of 64 KiB when it was first seen and after the subject's shutdown. */
  memories: z.array(z.strictObject({ pages_before: z.number().min(0), pages_after: z.number().min(0) })),
  /** Of each trap, what was said of it, as this engine words it. */
  traps: z.array(z.strictObject({ step: z.string(), message: z.string(), panic: z.string().nullable() })),
})
export type WasmProvenance = z.infer<typeof WasmProvenanceSchema>

export const NormalizedRecordSchema = z.strictObject({
  schema: z.literal('lanecheck.normalized-record.v1'),
  scenario_id: z.string(),
  surface_family: SurfaceFamilySchema,
  scenario_clock_id: z.string(),
  clock_source: ClockSourceSchema,
  semantic: SemanticRecordSchema,
  witnessed: WitnessedSchema,
  qualified: z.strictObject({
    /** From the first to the last subject event, in ticks; null when there is no tick to count. */
    logical_elapsed_ticks: z.number().int().nullable(),
    /** Tick of each timer firing and deadline end, and of each call's start and end, by label. */
    at_ticks: z.record(LabelSchema, z.number().int()),
  }),
  provenance: z.strictObject({
    steps_delta: z.number().int(), wall_elapsed_ns: z.number().nullable(), monotonic_start_ns: z.number().nullable(), monotonic_end_ns: z.number().nullable(), now_nanos: z.number().nullable(),
    /** What the recorder saw of WebAssembly; absent where the subject made nothing of it. */
    wasm: WasmProvenanceSchema.optional(),
    /** What was left alive, and the calls that made it; stacks are each engine's own. */
    left: z.array(LeftAliveSchema).optional(),
  }),
  observability: z.array(FieldObservabilitySchema),
  /** SHA-256 of the canonical form of what is semantic; equal on every machine. */
  semantic_digest: z.string(),
  /** SHA-256 of the canonical form of all of this record but the two digests. */
  full_digest: z.string(),
})
export type NormalizedRecord = z.infer<typeof NormalizedRecordSchema>
