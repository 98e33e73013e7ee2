import { describe, expect, it } from 'vitest'
import { proveRole } from '../../../host-probes/role.js'
import { HOST_ROLES, type HostRole } from '../../../src/contract/vocabulary.js'

type Scope = Record<string, unknown>

/** A scope whose brand and prototype chain are of the interface, as an engine makes it. */
function scopeOf(name: string, members: Scope): Scope {
  const Interface = { [name]: class { get [Symbol.toStringTag](): string { return name } } }[name]!
  const scope = new Interface() as unknown as Scope
  return Object.assign(scope, { [name]: Interface, self: scope }, members)
}

const SCOPES: Record<HostRole, () => Scope> = {
  window: () => {
    const scope = scopeOf('Window', { document: {} })
    return Object.assign(scope, { top: scope, parent: scope, postMessage: () => undefined })
  },
  sandboxed_iframe: () => scopeOf('Window', { document: {}, top: {}, parent: {}, origin: 'null' }),
  dedicated_worker: () => scopeOf('DedicatedWorkerGlobalScope', { postMessage: () => undefined }),
  shared_worker: () => scopeOf('SharedWorkerGlobalScope', { onconnect: null }),
  service_worker: () => scopeOf('ServiceWorkerGlobalScope', { clients: {}, registration: {}, skipWaiting: () => undefined }),
}

const failing = (scope: Scope): string[] => proveRole(scope).proofs.filter(({ holds }) => !holds).map(({ check }) => check)

describe('T0 browser_surface: proof of the host role', () => {
  it.each(HOST_ROLES)('proves %s, with all of its own signs and none of the others complete', (role) => {
    const { proven_role, proofs, global_scope } = proveRole(SCOPES[role]())
    expect(proven_role).toBe(role)
    expect(proofs.filter(({ check }) => check.startsWith(`${role}:`)).every(({ holds }) => holds)).toBe(true)
    expect(global_scope).toMatch(/^(Window|(Dedicated|Shared|Service)WorkerGlobalScope)$/)
    for (const other of HOST_ROLES.filter((name) => name !== role)) expect(proofs.some(({ check, holds }) => check.startsWith(`${other}:`) && !holds)).toBe(true)
  })

  it.each([
    ['window', 'document', null], ['window', 'top', {}], ['window', 'parent', {}],
    ['sandboxed_iframe', 'origin', 'http://127.0.0.1'], 
    ['dedicated_worker', 'postMessage', undefined], ['dedicated_worker', 'clients', {}],
    ['shared_worker', 'postMessage', () => undefined],
    ['service_worker', 'clients', undefined], ['service_worker', 'registration', undefined], ['service_worker', 'skipWaiting', undefined],
  ] as const)('proves nothing for a %s scope whose %s contradicts it', (role, member, value) => {
    expect(proveRole(Object.assign(SCOPES[role](), { [member]: value })).proven_role).toBeNull()
  })

  it('proves nothing for a shared worker without onconnect', () => {
    const scope = SCOPES.shared_worker()
    delete scope.onconnect
    expect(proveRole(scope).proven_role).toBeNull()
  })

  it('a forged constructor name or brand is not enough', () => {
    class Window {}
    const named = new Window() as Scope
    const forged = Object.assign(named, { self: named, top: named, parent: named, document: {} })
    expect(proveRole(forged).proven_role).toBeNull()
    const branded = Object.assign({ [Symbol.toStringTag]: 'Window' } as Scope, { document: {}, Window })
    expect(proveRole(Object.assign(branded, { self: branded, top: branded, parent: branded })).proven_role).toBeNull()
    const unbranded = Object.assign(new Window() as Scope, { document: {}, Window })
    expect(failing(Object.assign(unbranded, { self: unbranded, top: unbranded, parent: unbranded }))).toContain('window: global is a Window')
  })

  it('a scope with all the signs of two roles proves neither', () => {
    class Both { get [Symbol.toStringTag](): string { return this.#asked++ % 2 === 0 ? 'Window' : 'DedicatedWorkerGlobalScope' } #asked = 0 }
    const scope = new Both() as unknown as Scope
    Object.assign(scope, { Window: Both, DedicatedWorkerGlobalScope: Both, self: scope, top: scope, parent: scope, document: {}, postMessage: () => undefined })
    const { proven_role, proofs } = proveRole(scope)
    const whole = HOST_ROLES.filter((role) => proofs.every(({ check, holds }) => !check.startsWith(`${role}:`) || holds))
    expect(whole).toEqual(['window', 'dedicated_worker'])
    expect(proven_role).toBeNull()
  })

  it('a sign that throws does not hold, and the proof goes on', () => {
    const scope = SCOPES.window()
    Object.defineProperty(scope, 'top', { get: () => { throw new Error('cross-origin') } })
    expect(proveRole(scope).proven_role).toBeNull()
    expect(failing(scope)).toContain('window: is the top-level browsing context')
  })

  it('Node is none of them', () => {
    expect(proveRole().proven_role).toBeNull()
  })
})
