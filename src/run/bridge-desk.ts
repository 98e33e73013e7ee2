import { randomBytes, timingSafeEqual } from 'node:crypto'
import { faultyLine, type BridgeFault } from '../../bridge/faults.js'
import { BRIDGE_LIMITS, type BridgeLimits } from '../../bridge/protocol.js'
import { serveBridge } from '../../bridge/server-side.js'
import { startBridgeWorkers, type BridgeWorkers } from '../../bridge/worker-host.js'
import type { BridgeReason } from '../contract/bridge-words.js'
import type { RunOrder } from '../contract/realm-protocol.js'
import type { ServerLine } from '../contract/text-line.js'
import type { TraceEvent } from '../contract/trace.js'

/** One attempt as the bridge knows it. */
interface Expected {
  /** Good for one session; what a page or process that only knows the address does not have. */
  ticket: string
  redeemed: boolean
  order: RunOrder | null
  add(event: TraceEvent): void
}

/** Where bridge lines find the attempt they belong to; a line for no attempt is closed. */
export interface BridgeDesk {
  /** Gives the attempt's ticket, for its realm alone. */
  expect(attempt: string, add: (event: TraceEvent) => void): string
  ordered(attempt: string, order: RunOrder): void
  forget(attempt: string): void
  serve(attempt: string, line: ServerLine): void
  /** How many sessions there are now. */
  sessions(): number
  close(): Promise<void>
}

export interface DeskOptions {
  limits?: BridgeLimits
  /** Of the run's origins over TLS, in PEM; null when there are none. */
  certificate?: string | null
  /** For tests and controls alone: what is wrong with the server when this attempt comes; null when nothing is. */
  fault?: ((attempt: string) => BridgeFault | null) | undefined
}

/** Policy violation, going away and try again later, of RFC 6455 and its registry. */
const [CLOSE_POLICY, CLOSE_AWAY, CLOSE_LATER] = [1008, 1001, 1013]

export function openBridgeDesk(artifact: string, artifact_sha256: string, spare_workers: number, { limits = BRIDGE_LIMITS, certificate = null, fault }: DeskOptions = {}): BridgeDesk {
  const workers = startBridgeWorkers(artifact, spare_workers, certificate)
  const expected = new Map<string, Expected>()
  const lines = new Set<ServerLine>()
  const closing: BridgeReason = 'server_closing'
  const redeem = (entry: Expected, ticket: string): 'wrong_ticket' | 'ticket_used' | null => {
    if (!sameText(ticket, entry.ticket)) return 'wrong_ticket'
    if (entry.redeemed) return 'ticket_used'
    entry.redeemed = true
    return null
  }
  const admit = (line: ServerLine, entry: Expected | undefined): entry is Expected => {
    if (entry === undefined) line.close(CLOSE_POLICY, 'unknown_attempt' satisfies BridgeReason)
    else if (lines.size >= limits.sessions) line.close(CLOSE_LATER, 'too_many_sessions' satisfies BridgeReason)
    else return true
    return false
  }
  return {
    expect: (attempt, add) => {
      const ticket = randomBytes(16).toString('hex')
      expected.set(attempt, { ticket, redeemed: false, order: null, add })
      return ticket
    },
    ordered: (attempt, order) => {
      const entry = expected.get(attempt)
      if (entry !== undefined) entry.order = order
    },
    forget: (attempt) => void expected.delete(attempt),
    serve: (attempt, line) => {
      const entry = expected.get(attempt)
      if (!admit(line, entry)) return
      const planted = fault?.(attempt) ?? null
      const served = planted === null ? line : faultyLine(planted, line)
      if (served === null) return
      serveBridge(served, {
        workers: planted === null ? workers : faultyWorkers(planted, workers, () => served.close(CLOSE_AWAY, closing)),
        artifact_sha256, limits,
        redeem: (ticket) => redeem(entry, ticket),
        order: () => entry.order,
        log: (event) => entry.add({ ...event, seq: 0, ticks: 0, ms: 0 }),
        // As in a direct lane, where the refusing proxy tells of it.
        refused: (id) => entry.add({ witness: 'proxy', kind: 'proxy.refused', id, attributed_to: 'unattributed', seq: 0, ticks: 0, ms: 0 }),
      })
      lines.add(served)
      const { onclose } = served
      served.onclose = (code, reason) => {
        lines.delete(served)
        onclose?.(code, reason)
      }
    },
    sessions: () => lines.size,
    close: async () => {
      for (const line of [...lines]) line.close(CLOSE_AWAY, closing)
      await workers.close()
    },
  }
}

/** Compares without telling by its time how much was right. */
function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Workers of a server that loses one, or all and itself, some time into a run. */
function faultyWorkers(fault: BridgeFault, workers: BridgeWorkers, restart: () => void): BridgeWorkers {
  if (fault !== 'worker_dies_in_run' && fault !== 'restarts_in_run') return workers
  return {
    ...workers,
    take: () => {
      const worker = workers.take()
      worker.once('message', () => {
        if (fault === 'restarts_in_run') restart()
        void worker.terminate()
      })
      return worker
    },
  }
}
