import type { OwnDowngrade } from './own-downgrade.js'
import type { SubjectPage } from './page-conditions.js'
import type { Capability, HostRole } from './vocabulary.js'

/**
 * What a maintainer writes to put a package under test: a browser-loadable module
 * whose default export is a `Subject`. It is bundled into the artifact by Vite.
 */
export interface Subject {
  name: string
  version: string
  /** Probed in the realm before the subject is started there. */
  requires: Capability[]
  /** Roles it takes directly. */
  host_roles: HostRole[]
  /** May it be downgraded to the server bridge? */
  bridge: boolean
  /** What its page is to be served as: `isolated` for a subject that shares memory, for every scenario that is not itself about pages; `plain` when left out. */
  page?: SubjectPage
  /** Its own host detection and its own server, verified in place of the kit's. */
  downgrade?: OwnDowngrade
  start(host: SubjectHost): Promise<SubjectRuntime>
  /** The subject's own opinion of its host; checked against the probe. */
  classify?(): HostClassification
}

export interface HostClassification {
  host_role: HostRole | 'server'
  supported: boolean
}

export interface SubjectHost {
  /** Kept with the cell's capture. */
  log(line: string): void
  /** `http://127.0.0.1:<port>`: the only origin the subject may talk to. */
  origin: string
  /** Set where the realm is downgraded to the subject's own server: `http://…/<path>`, the address under which it finds that server; append a path of its own. */
  own_server?: string
}

/** A family that is absent is `unsupported`, not failed. */
export interface SubjectRuntime {
  timers?: SubjectTimers
  sockets?: SubjectSockets
  requests?: SubjectRequests
  events?: SubjectEvents
  tasks?: SubjectTasks
  /** Afterwards nothing may be left alive. */
  shutdown(): Promise<void>
}

export type TimerHandle = unknown

export interface SubjectTimers {
  /** Calls `fire` once, `ms` from now, unless cleared. */
  set(ms: number, fire: () => void): TimerHandle
  /** Calls `fire` every `ms` until cleared. Absent: interval scenarios are unsupported. */
  interval?(ms: number, fire: () => void): TimerHandle
  /** Calls `expire` when `ms` have gone by unless cleared; absent: `set` is used. */
  deadline?(ms: number, expire: () => void): TimerHandle
  /** Clearing what has fired or was cleared does nothing. */
  clear(timer: TimerHandle): void
}

export interface SubjectSocketEvents {
  open(protocol: string): void
  message(data: string | Uint8Array): void
  error(): void
  close(code: number, reason: string, clean: boolean): void
}
export interface SubjectSocket {
  /** Throws when the channel is not open. */
  send(data: string | Uint8Array): void
  close(code?: number, reason?: string): void
}
export interface SubjectSockets {
  open(url: string, protocols: string[], events: SubjectSocketEvents): SubjectSocket
}

export interface RequestPlan {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  headers: Record<string, string>
  body: string | Uint8Array | null
  redirect: 'follow' | 'error'
}
export interface SubjectExchangeEvents {
  head(head: { status: number; redirected: boolean; headers: Record<string, string> }): void
  /** Called as the body comes in; where chunks break is not semantic. */
  chunk(bytes: Uint8Array): void
  end(): void
  /** The exchange failed; not called after `cancel`. */
  error(name: string, message: string): void
  /** The cancel took effect. */
  cancelled(): void
}
export interface SubjectExchange {
  cancel(): void
}
export interface SubjectRequests {
  send(url: string, plan: RequestPlan, events: SubjectExchangeEvents): SubjectExchange
}

export interface SubjectEventStreamEvents {
  open(): void
  message(event: { id: string; event: string; data: string }): void
  /** `final`: the stream will not reconnect. */
  error(final: boolean): void
}
export interface SubjectEventStream {
  close(): void
}
export interface SubjectEvents {
  open(url: string, events: SubjectEventStreamEvents): SubjectEventStream
}

/** What has a form in JSON. What crosses the bridge, and what is compared, is this and nothing else. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue }

export interface TaskContext {
  /** Aborts when the call is cancelled (`AbortError`) or its deadline runs out (`TimeoutError`). Afterwards the call has ended, whatever the task still does. */
  signal: AbortSignal
  /** Hands the caller something before the result. */
  report(value: JsonValue): void
}
/**
 * The subject's own async calls, by name; several may be under way at once. What a task fulfils with is its result, `undefined` stands for null;
 * what has no form in JSON fails the call with the name `result_not_json`.
 */
export type SubjectTasks = Record<string, (input: JsonValue, context: TaskContext) => Promise<JsonValue | void>>

/** Types a subject where it is written; returns it unchanged. */
export const defineSubject = (subject: Subject): Subject => subject
