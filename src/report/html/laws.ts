import type { Law } from '../../contract/verdict.js'

/** Each law as a sentence, for whoever meets it in a finding. */
export const LAW_SENTENCES: Record<Law, string> = {
  infrastructure: 'A run ends by itself; what the machine lost is told apart from what the subject did.',
  admission: 'The ladder decides from the realm and the subject whether a cell runs directly, over a bridge, or not at all.',
  bridge_handshake: 'bridge_only stands only on a completed handshake that both sides logged.',
  role_proof: 'A host role is proven inside the realm, never taken from configuration.',
  family_absent: 'A family that the subject does not have is unsupported, not failed.',
  scope_red_line: 'Nothing but the captured loopback may be reached, by the admitted route alone.',
  deterministic_lab: 'The lab run is done twice and must come out identical.',
  observability_floor: 'What a verdict rests on must have been recorded by the witnesses the row asks for.',
  time_contract: 'Time is compared only where clock, deadline and window are declared.',
  expectation_lab: 'The lab run holds to what the scenario expects.',
  expectation_live: 'The live run holds to what the scenario expects.',
  lab_live_agreement: 'Lab and live mean the same, field by field; ticks through the declared window.',
  witness_agreement: 'Page and peer saw the same: each message, its order, the close, the cancel, the answer.',
  order: 'Declared happens-before orders hold.',
  cancellation: 'Nothing comes after a cancel: no firing, no message, no chunk, no result of a call.',
  leak: 'After shutdown nothing is left alive: no timer, channel, request or stream, no listener on what outlives the subject, no worker, no port.',
  early_timer: 'A timer or deadline never goes off before its time.',
  noise_window: 'Lateness within the declared window is noise; beyond it, it is reported.',
  noise_may_not_erase: 'Noise may explain drift; it may not erase a broken time-out, order or cancellation.',
  reproducibility: 'What was seen once and not again is irreproducible, not parity.',
}
