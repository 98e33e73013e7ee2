import { cloneValue, moveBuffer } from './clone.js'
import { DOMException } from './dom-exception.js'
import { MessageEvent } from './event-interfaces.js'
import { defineHandlers, dispatch, EventTarget } from './events.js'
import { expose, exposeInterfaces } from './expose.js'
import { kernel } from './kernel.js'
import { post } from './tasks.js'

const MAKER = Symbol('MessagePort maker')
let entangle: (a: MessagePort, b: MessagePort) => void
let movePort: (port: MessagePort) => MessagePort

/** Clones a message; buffers and ports on the list are moved. */
function transfer(value: unknown, list: readonly unknown[]): { data: unknown; ports: MessagePort[] } {
  if (new Set(list).size < list.length) throw new DOMException('A value is transferred twice.', 'DataCloneError')
  const moved = new Map<object, object>()
  const ports: MessagePort[] = []
  for (const item of list) {
    if (item instanceof MessagePort) {
      const port = movePort(item)
      ports.push(port)
      moved.set(item, port)
    } else if (!(item instanceof ArrayBuffer)) throw new DOMException('A value on the list cannot be transferred.', 'DataCloneError')
  }
  // Buffers go last: a message that cannot be cloned detaches nothing.
  for (const item of list) if (item instanceof ArrayBuffer) moved.set(item, item.slice(0))
  const data = cloneValue(value, moved)
  for (const item of list) if (item instanceof ArrayBuffer) moveBuffer(item)
  return { data, ports }
}

const listOf = (options: unknown): readonly unknown[] =>
  Array.isArray(options) ? options : ((options as { transfer?: unknown[] } | undefined)?.transfer ?? [])

class MessagePort extends EventTarget {
  #other: MessagePort | null = null
  #started = false
  #closed = false
  #waiting: Array<() => void> = []
  constructor(maker?: symbol) {
    if (maker !== MAKER) throw new TypeError('Illegal constructor')
    super()
  }
  static {
    entangle = (a, b) => {
      a.#other = b
      b.#other = a
    }
    movePort = (port) => {
      const moved = new MessagePort(MAKER)
      if (port.#other !== null) entangle(moved, port.#other)
      moved.#waiting = port.#waiting
      port.#other = null
      port.#closed = true
      return moved
    }
  }
  postMessage(value: unknown, options?: unknown): void {
    const { data, ports } = transfer(value, listOf(options))
    const target = this.#other
    if (target === null || target.#closed) return
    target.#take(() => dispatch(target, new MessageEvent('message', { data, ports })))
  }
  #take(deliver: () => void): void {
    if (!this.#started) return void this.#waiting.push(deliver)
    post(() => {
      if (!this.#closed) deliver()
    })
  }
  start(): void {
    if (this.#started) return
    this.#started = true
    for (const deliver of this.#waiting.splice(0)) this.#take(deliver)
  }
  close(): void {
    this.#closed = true
    this.#other = null
  }
}
defineHandlers(MessagePort.prototype, ['message', 'messageerror', 'close'])
startsWhenHandled(MessagePort.prototype)

/** Setting `onmessage` starts a port; adding a listener does not. */
function startsWhenHandled(prototype: MessagePort): void {
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, 'onmessage')!
  Object.defineProperty(prototype, 'onmessage', {
    configurable: true,
    enumerable: true,
    get,
    set(this: MessagePort, callback: unknown) {
      set!.call(this, callback)
      this.start()
    },
  })
}

class MessageChannel {
  readonly port1 = new MessagePort(MAKER)
  readonly port2 = new MessagePort(MAKER)
  constructor() {
    entangle(this.port1, this.port2)
  }
}

const channels = new Set<BroadcastChannel>()

class BroadcastChannel extends EventTarget {
  readonly name: string
  #closed = false
  constructor(name: unknown) {
    super()
    this.name = String(name)
    channels.add(this)
  }
  postMessage(value: unknown): void {
    if (this.#closed) throw new DOMException('Channel is closed', 'InvalidStateError')
    for (const target of channels) {
      if (target === this || target.name !== this.name) continue
      const data = cloneValue(value)
      post(() => {
        if (!target.#closed) dispatch(target, new MessageEvent('message', { data, origin: kernel.origin }))
      })
    }
  }
  close(): void {
    this.#closed = true
    channels.delete(this)
  }
}
defineHandlers(BroadcastChannel.prototype, ['message', 'messageerror'])

export function installMessaging(): void {
  exposeInterfaces({ MessageChannel, MessagePort, BroadcastChannel })
  expose('structuredClone', (value: unknown, options?: unknown) => transfer(value, listOf(options)).data)
}
