/** What the lab has put on the global object. */
export const exposed = new Set<string>()

/** Puts a value on the global object as the platform does: replaceable, and not enumerated. */
export function expose(name: string, value: unknown): void {
  exposed.add(name)
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
}

/** Puts interfaces on the global object under their platform names, whatever the bundler called them. */
export function exposeInterfaces(interfaces: Record<string, { prototype: object }>): void {
  for (const [name, made] of Object.entries(interfaces)) {
    Object.defineProperty(made, 'name', { value: name, configurable: true })
    Object.defineProperty(made.prototype, Symbol.toStringTag, { value: name, configurable: true })
    expose(name, made)
  }
}
