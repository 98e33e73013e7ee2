import { Event } from './events.js'

export class CustomEvent extends Event {
  readonly detail: unknown
  constructor(type: string, init: CustomEventInit = {}) {
    super(type, init)
    this.detail = init.detail ?? null
  }
}

interface MessageInit extends EventInit { data?: unknown; origin?: string; lastEventId?: string; source?: unknown; ports?: unknown[] }
export class MessageEvent extends Event {
  readonly data: unknown
  readonly origin: string
  readonly lastEventId: string
  readonly source: unknown
  readonly ports: readonly unknown[]
  constructor(type: string, init: MessageInit = {}) {
    super(type, init)
    this.data = init.data === undefined ? null : init.data
    this.origin = init.origin ?? ''
    this.lastEventId = init.lastEventId ?? ''
    this.source = init.source ?? null
    this.ports = Object.freeze([...(init.ports ?? [])])
  }
}

export class CloseEvent extends Event {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
  constructor(type: string, init: CloseEventInit = {}) {
    super(type, init)
    this.code = init.code ?? 0
    this.reason = init.reason ?? ''
    this.wasClean = init.wasClean ?? false
  }
}

export class ErrorEvent extends Event {
  readonly message: string
  readonly filename: string
  readonly lineno: number
  readonly colno: number
  readonly error: unknown
  constructor(type: string, init: ErrorEventInit = {}) {
    super(type, init)
    this.message = init.message ?? ''
    this.filename = init.filename ?? ''
    this.lineno = init.lineno ?? 0
    this.colno = init.colno ?? 0
    this.error = init.error
  }
}

export class ProgressEvent extends Event {
  readonly lengthComputable: boolean
  readonly loaded: number
  readonly total: number
  constructor(type: string, init: ProgressEventInit = {}) {
    super(type, init)
    this.lengthComputable = init.lengthComputable ?? false
    this.loaded = init.loaded ?? 0
    this.total = init.total ?? 0
  }
}

export class PromiseRejectionEvent extends Event {
  readonly promise: Promise<unknown>
  readonly reason: unknown
  constructor(type: string, init: { promise: Promise<unknown>; reason?: unknown } & EventInit) {
    super(type, init)
    this.promise = init.promise
    this.reason = init.reason
  }
}
