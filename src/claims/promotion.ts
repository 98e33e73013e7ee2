import type { GatePacket } from '../contract/gate.js'
import type { ClaimGround } from './check-claim.js'

/** What promotes a realm for a surface: a packet of its direct lane that the gate lets claim direct support. */
export const promotedBy = (packets: readonly GatePacket[]): ClaimGround['promoted'] => ({ engine, host_role }, surface) =>
  packets.some(({ lane_id, surface_family, claim }) => lane_id === `${engine}.${host_role}.direct` && surface_family === surface && claim === 'direct')
