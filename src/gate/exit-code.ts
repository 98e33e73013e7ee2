import type { GatePacket, GateReport } from '../contract/gate.js'
import { worstExit } from '../judge/exit-code.js'

/** Answers that say what this machine could not give. */
const LOST = ['infrastructure_loss', 'not_run'] as const
const BROKEN = ['semantic_mismatch', 'bridge_mismatch', 'policy_violation'] as const

/** 0 all eligible · 1 a mismatch, or a claim that may not be made · 3 a lost or missing cell · 2 weak, or not shown yet; of several 1, 3, 2 in that order. */
export function gateExit(packets: readonly GatePacket[]): GateReport['exit_code'] {
  const codes = packets.flatMap(({ cells, eligibility_verdict }) => [
    ...(BROKEN.some((token) => cells[token] > 0) || eligibility_verdict === 'blocked_scope_red_line' ? [1 as const] : []),
    ...(LOST.some((token) => cells[token] > 0) ? [3 as const] : []),
    ...(eligibility_verdict === 'eligible' ? [] : [2 as const]),
  ])
  return worstExit(codes) as GateReport['exit_code']
}
