import { wrap } from 'comlink'
import { bridgeEndpoint } from '../../bridge/endpoint.js'
import { BRIDGE_LIMITS, type BridgeService } from '../../bridge/protocol.js'
import type { ServerLine } from '../contract/text-line.js'
import { openBridgeDesk } from '../run/bridge-desk.js'

/** What a bridge desk answers to an offer with a ticket, as one line: `taken`, or why it refused. Needs no engine and no worker. */
export async function redeemed(whose: 'own' | 'used' | 'of_another_run'): Promise<string> {
  const [desk, other] = [openBridgeDesk('', 'a'.repeat(64), 0), openBridgeDesk('', 'a'.repeat(64), 0)]
  try {
    const ticket = desk.expect('a', () => undefined)
    const foreign = other.expect('a', () => undefined)
    if (whose === 'used') await offered(desk.serve, ticket)
    return await offered(desk.serve, whose === 'of_another_run' ? foreign : ticket)
  } finally {
    await desk.close()
    await other.close()
  }
}

async function offered(serve: (attempt: string, line: ServerLine) => void, ticket: string): Promise<string> {
  const { near, far } = linePair()
  const closed = new Promise<string>((resolve) => { near.onclose = (_code, reason) => resolve(`refused: ${reason}`) })
  serve('a', far)
  const service = wrap<BridgeService>(bridgeEndpoint(near, { allowed: () => true, refuse: () => undefined, longest: BRIDGE_LIMITS.message_bytes })) as unknown as BridgeService
  const answer = service.offer({ proven_role: 'shared_worker', carrier: 'websocket', ticket }).then(() => 'taken', () => closed)
  const said = await Promise.race([answer, closed])
  far.onclose?.(1000, '')
  return said
}

/** Two ends of a line within this process. */
function linePair(): { near: ServerLine; far: ServerLine } {
  const end = (other: () => ServerLine): ServerLine => ({
    carrier: 'websocket', onmessage: null, onclose: null,
    send: (text) => queueMicrotask(() => other().onmessage?.(text)),
    close: (code, reason) => queueMicrotask(() => other().onclose?.(code, reason)),
    terminate: () => queueMicrotask(() => other().onclose?.(1006, '')),
  })
  const near: ServerLine = end(() => far)
  const far: ServerLine = end(() => near)
  return { near, far }
}
