// Apart from the schemas: what runs in a realm must not carry them along.

/** What carries the bridge between a realm and its server, the first that the realm has. */
export const BRIDGE_CARRIERS = ['websocket', 'fetch_streaming', 'long_polling'] as const
export type BridgeCarrier = (typeof BRIDGE_CARRIERS)[number]

/** The carriers, and what a subject's own line is called that is no WebSocket. */
export const LINE_CARRIERS = [...BRIDGE_CARRIERS, 'http'] as const

/** Why a bridge refused, or was lost. */
export const BRIDGE_REASONS = [
  'carrier_unavailable', 'unreachable', 'handshake_too_slow', 'unknown_attempt', 'wrong_ticket', 'ticket_used', 'bad_offer', 'no_session', 'wrong_scenario', 'second_run',
  'bad_frame', 'out_of_order', 'duplicate_frame', 'foreign_session', 'message_too_large', 'too_many_sessions', 'session_too_long', 'other_side_silent', 'connection_lost', 'server_closing',
] as const
export type BridgeReason = (typeof BRIDGE_REASONS)[number]

export const isBridgeReason = (token: string): token is BridgeReason => (BRIDGE_REASONS as readonly string[]).includes(token)

/** What only a side that does not keep to the protocol does: what was captured of such a session proves nothing. */
export const BRIDGE_BREACHES: readonly BridgeReason[] = ['bad_frame', 'out_of_order', 'duplicate_frame', 'foreign_session']
