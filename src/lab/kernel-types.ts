/**
 * What the lab's inside (the virtual globals, evaluated in the context) and its outside (Node) share.
 * Strings, numbers and bytes cross; each side copies the other's bytes and messages, so that no object of Node's realm reaches a subject.
 */

/** The global by which the outside hands its kernel in; the inside takes it away again before the artifact runs. */
export const KERNEL_GLOBAL = '__lanecheckKernel'
/** The global by which the inside hands out the function that runs one task. */
export const TURN_GLOBAL = '__lanecheckTurn'

/** What a task is, as the schedule hash counts it. The order gives the codes. */
export const TASK_KINDS = ['timer', 'posted', 'delivery', 'client', 'peer', 'peer_wait'] as const
export type TaskKind = (typeof TASK_KINDS)[number]
export const TASK = Object.fromEntries(TASK_KINDS.map((kind, code) => [kind, code])) as Record<TaskKind, number>

/** Places in `LabKernel.clock`. */
export const NOW = 0
export const TURN_KIND = 1
export const TURN_ARGUMENT = 2

/** What the outside brings to the inside, one a task. */
export type Delivery =
  | { to: 'control'; text: string }
  | { to: 'rejection'; reason: unknown }
  | { to: 'socket'; id: number; type: 'open'; protocol: string }
  | { to: 'socket'; id: number; type: 'message'; data: string | Uint8Array }
  | { to: 'socket'; id: number; type: 'closing' }
  | { to: 'socket'; id: number; type: 'closed'; code: number; reason: string; clean: boolean; failed: boolean }
  | { to: 'http'; id: number; type: 'head'; status: number; status_text: string; headers: ReadonlyArray<readonly [string, string]> }
  | { to: 'http'; id: number; type: 'body'; data: Uint8Array }
  | { to: 'http'; id: number; type: 'end' }
  | { to: 'http'; id: number; type: 'error' }

/** A request as the client puts it on the wire. */
export interface WireRequest {
  method: string
  url: string
  /** JSON of name and value pairs. */
  headers: string
  body: Uint8Array | null
}

export interface LabKernel {
  /** `[NOW]`: virtual ms. `[TURN_KIND]`, `[TURN_ARGUMENT]`: the task to run now. */
  readonly clock: Float64Array
  readonly seed: number
  /** Virtual Unix time at virtual 0 ms. */
  readonly epoch_ms: number
  readonly origin: string
  /** The global that the artifact finds its host under. */
  readonly host_global: string
  /** Adds a task of the inside; gives a slot for `cancel`. */
  schedule(kind: number, due_ms: number, argument: number): number
  cancel(slot: number): void
  /** What the running `delivery` task brings. */
  take(): Delivery
  /** A message of the artifact; the outside copies it at once. */
  control(message: unknown): void
  log(line: string): void
  /** Something asked for a global that the lab has no virtual form of; `read` when it wanted its value, not only whether it is there. */
  reach(name: string, read: boolean): void
  socketOpen(id: number, url: string, protocols: string): void
  socketSend(id: number, data: string | Uint8Array): void
  /** A code below 0 stands for none. */
  socketClose(id: number, code: number, reason: string): void
  /** Bytes sent and not yet taken by the network. */
  socketBuffered(id: number): number
  httpOpen(id: number, request: WireRequest): void
  httpAbort(id: number): void
  /** JSON of the address's parts; null when it does not parse. */
  parseUrl(input: string, base: string | null): string | null
  changeUrl(href: string, part: string, value: string): string
  encode(text: string): Uint8Array
  /** Characters read and bytes written. */
  encodeInto(text: string, target: Uint8Array): readonly [number, number]
  /** Null when the label is unknown. The decoder gives null for malformed input when fatal. */
  decoder(label: string, fatal: boolean, ignoreBom: boolean): { encoding: string; decode(bytes: Uint8Array, stream: boolean): string | null } | null
  /** A character a byte; null when it cannot be. */
  fromBase64(text: string): string | null
  toBase64(text: string): string | null
  /** Null when the algorithm is unknown. */
  digest(algorithm: string, bytes: Uint8Array): Uint8Array | null
  detach(buffer: ArrayBuffer): void
}
