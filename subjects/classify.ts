import type { HostClassification } from '../src/contract/subject.js'
import type { HostRole } from '../src/contract/vocabulary.js'

const ROLE_OF_GLOBAL: Record<string, HostRole> = {
  Window: 'window',
  DedicatedWorkerGlobalScope: 'dedicated_worker',
  SharedWorkerGlobalScope: 'shared_worker',
  ServiceWorkerGlobalScope: 'service_worker',
}

/** A framed window whose origin is opaque. */
const isSandboxed = (): boolean => globalThis.top !== globalThis.self && globalThis.origin === 'null'

/** A subject's opinion of its host, by the brand of the global; a host without a browser's brand is a `server`, fit for a bridge. */
export function classifyHost(subject: { host_roles: HostRole[]; bridge: boolean }): HostClassification {
  const brand = Object.prototype.toString.call(globalThis).slice('[object '.length, -1)
  const host_role = brand === 'Window' && isSandboxed() ? 'sandboxed_iframe' : ROLE_OF_GLOBAL[brand] ?? 'server'
  return { host_role, supported: host_role === 'server' ? subject.bridge : subject.host_roles.includes(host_role) }
}
