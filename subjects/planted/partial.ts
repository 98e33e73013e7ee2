import type { SubjectTimers } from '../../src/contract/subject.js'
import { planted } from './plant.js'

/**
 * What a package may say of itself and of its host, a fault a role: it has no intervals, it takes its window for a worker,
 * in a shared worker it changes what the role is proven by, and it declines service workers without a bridge.
 */
export default planted('partial', ({ timers }) => ({ timers: withoutIntervals(timers!) }), {
  host_roles: ['window', 'dedicated_worker', 'shared_worker'],
  bridge: false,
  classify: () => ({ host_role: 'dedicated_worker', supported: true }),
})

function withoutIntervals({ interval: _, ...timers }: SubjectTimers): SubjectTimers {
  return timers
}

const scope = globalThis as unknown as { SharedWorkerGlobalScope?: unknown; postMessage?: () => void }
if (typeof scope.SharedWorkerGlobalScope === 'function') scope.postMessage = () => undefined
