import { alive, made, type Made } from './alive.js'
import { replace } from './timers.js'

type Constructor = new (...args: never[]) => object

/** Replaces what makes workers, ports and broadcast channels, so that those that are never ended are known. */
export function recordHandles(realm: typeof globalThis): void {
  let count = 0
  const watching = (name: string, watch: (thing: object, one: Made) => void): void => {
    const Native = (realm as unknown as Record<string, unknown>)[name]
    if (typeof Native !== 'function') return
    replace(realm, name, new Proxy(Native as Constructor, {
      construct(target, args: unknown[], newTarget) {
        const thing = Reflect.construct(target, args, newTarget) as object
        watch(thing, made(String(++count), `new ${name}`))
        return thing
      },
    }))
  }
  watching('Worker', (worker, one) => watchUntil(alive.workers, worker, worker, 'terminate', one))
  watching('SharedWorker', (worker, one) => watchUntil(alive.workers, worker, (worker as SharedWorker).port, 'close', one))
  watching('BroadcastChannel', (channel, one) => watchUntil(alive.broadcasts, channel, channel, 'close', one))
  watching('MessageChannel', (channel, one) => watchPorts(channel as MessageChannel, one))
}

/** Alive until a method of its own, or of its port, is called. */
function watchUntil(kind: Map<object, Made>, thing: object, owner: object, method: string, one: Made): void {
  kind.set(thing, one)
  onCall(owner, method, () => kind.delete(thing))
}

/** A port keeps its channel alive once it takes messages, until one of the two is closed. Nobody can see a port that was handed on. */
function watchPorts({ port1, port2 }: MessageChannel, one: Made): void {
  let closed = false
  for (const port of [port1, port2]) {
    const started = (): void => { if (!closed) alive.ports.set(port, one) }
    onCall(port, 'start', started)
    onHandler(port, 'onmessage', started)
    onCall(port, 'close', () => {
      closed = true
      alive.ports.delete(port1)
      alive.ports.delete(port2)
    })
  }
}

function onCall(owner: object, method: string, called: () => void): void {
  const native = (owner as Record<string, unknown>)[method]
  if (typeof native !== 'function') return
  replace(owner, method, (...args: unknown[]): unknown => {
    called()
    return Reflect.apply(native, owner, args)
  })
}

/** Setting the handler starts the port; the engine's own accessor does the work. */
function onHandler(owner: object, name: string, set: () => void): void {
  const native = accessorOf(owner, name)
  if (native?.set === undefined) return
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: true,
    get: () => native.get?.call(owner) as unknown,
    set(handler: unknown) {
      if (handler !== null) set()
      native.set!.call(owner, handler)
    },
  })
}

function accessorOf(owner: object, name: string): PropertyDescriptor | undefined {
  for (let holder: object | null = owner; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const found = Object.getOwnPropertyDescriptor(holder, name)
    if (found !== undefined) return found
  }
  return undefined
}
