import type { HostRole } from '../src/contract/vocabulary.js'

export interface RoleProof {
  proven_role: HostRole | null
  proofs: Array<{ check: string; holds: boolean }>
  global_scope: string
}

type Scope = Record<string, unknown>

/** What each role's global scope must show; from the interfaces of HTML and Service Workers. */
const SIGNS: Record<HostRole, Record<string, (scope: Scope) => boolean>> = {
  window: {
    'global is a Window': (scope) => isA(scope, 'Window'),
    'has a document': (scope) => typeof scope.document === 'object' && scope.document !== null,
    'is the top-level browsing context': (scope) => scope.top === scope.self && scope.parent === scope.self,
  },
  dedicated_worker: {
    'global is a DedicatedWorkerGlobalScope': (scope) => isA(scope, 'DedicatedWorkerGlobalScope'),
    'has postMessage of its own': (scope) => typeof scope.postMessage === 'function',
    'has no clients': (scope) => scope.clients === undefined,
  },
  shared_worker: {
    'global is a SharedWorkerGlobalScope': (scope) => isA(scope, 'SharedWorkerGlobalScope'),
    'has onconnect': (scope) => 'onconnect' in scope,
    'has no postMessage of its own': (scope) => scope.postMessage === undefined,
  },
  sandboxed_iframe: {
    'global is a Window': (scope) => isA(scope, 'Window'),
    'is not the top-level browsing context': (scope) => scope.top !== scope.self && scope.parent !== scope.self,
    'has an opaque origin': (scope) => scope.origin === 'null',
  },
  service_worker: {
    'global is a ServiceWorkerGlobalScope': (scope) => isA(scope, 'ServiceWorkerGlobalScope'),
    'has clients': (scope) => typeof scope.clients === 'object',
    'has a registration': (scope) => typeof scope.registration === 'object',
    'has skipWaiting': (scope) => typeof scope.skipWaiting === 'function',
  },
}

/** `Object.prototype.toString` reads the brand that the engine set; the prototype chain must agree with it. */
function isA(scope: Scope, name: string): boolean {
  const Interface = scope[name]
  return typeof Interface === 'function' && scope instanceof Interface && Object.prototype.toString.call(scope) === `[object ${name}]`
}

/** Proves the role from inside: exactly one role must have all of its signs. */
export function proveRole(scope: Scope = globalThis as unknown as Scope): RoleProof {
  const proofs = (Object.keys(SIGNS) as HostRole[]).flatMap((role) =>
    Object.entries(SIGNS[role]).map(([sign, holds]) => ({ role, check: `${role}: ${sign}`, holds: safely(() => holds(scope)) })))
  const proven = (Object.keys(SIGNS) as HostRole[]).filter((role) => proofs.every((proof) => proof.role !== role || proof.holds))
  return {
    proven_role: proven.length === 1 ? proven[0]! : null,
    proofs: proofs.map(({ check, holds }) => ({ check, holds })),
    global_scope: Object.prototype.toString.call(scope).slice('[object '.length, -1),
  }
}

function safely(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}
