/** Where the package runs by itself; elsewhere it has its server do the work. */
const AT_HOME = ['Window', 'DedicatedWorkerGlobalScope']

/** What the package thinks of its host, in its own words. */
export function whereAmI() {
  const scope = Object.prototype.toString.call(globalThis).slice('[object '.length, -1)
  if (typeof globalThis.WebSocket !== 'function') return { support_class: 'remote', reason_code: 'no-sockets' }
  return AT_HOME.includes(scope) ? { support_class: 'local', reason_code: 'all-there' } : { support_class: 'remote', reason_code: 'strange-scope' }
}
