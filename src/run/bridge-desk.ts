import type { WebSocket } from 'ws'
import { serveBridge } from '../../bridge/server-side.js'
import { startBridgeWorkers } from '../../bridge/worker-host.js'
import type { RunOrder } from '../contract/realm-protocol.js'
import type { TraceEvent } from '../contract/trace.js'

/** One attempt as the bridge knows it. */
interface Expected {
  order: RunOrder | null
  add(event: TraceEvent): void
}

/** Where bridge sockets find the attempt they belong to; a socket for no attempt is closed. */
export interface BridgeDesk {
  expect(attempt: string, add: (event: TraceEvent) => void): void
  ordered(attempt: string, order: RunOrder): void
  forget(attempt: string): void
  serve(attempt: string, socket: WebSocket): void
  close(): Promise<void>
}

/** Policy violation: no such attempt. */
const CLOSE_UNKNOWN = 1008

/** `certificate`: of the run's origins over TLS, in PEM; null when there are none. */
export function openBridgeDesk(artifact: string, artifact_sha256: string, spare_workers: number, certificate: string | null = null): BridgeDesk {
  const workers = startBridgeWorkers(artifact, spare_workers, certificate)
  const expected = new Map<string, Expected>()
  return {
    expect: (attempt, add) => void expected.set(attempt, { order: null, add }),
    ordered: (attempt, order) => {
      const entry = expected.get(attempt)
      if (entry !== undefined) entry.order = order
    },
    forget: (attempt) => void expected.delete(attempt),
    serve: (attempt, socket) => {
      const entry = expected.get(attempt)
      if (entry === undefined) return socket.close(CLOSE_UNKNOWN)
      serveBridge(socket, {
        workers, artifact_sha256,
        order: () => entry.order,
        log: (event) => entry.add({ ...event, seq: 0, ticks: 0, ms: 0 }),
      })
    },
    close: () => workers.close(),
  }
}
