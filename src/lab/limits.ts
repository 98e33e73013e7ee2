/** What no lab run may exceed. */
export interface LabLimits {
  /** Tasks run in all. */
  tasks: number
  /** Real time that one task, with its microtasks, may take, in ms. */
  turn_ms: number
  /** Virtual time beyond the scenario's own limit: for the subject's start and shutdown, which have limits of their own, in ms. */
  grace_ms: number
}

export const LAB_LIMITS: LabLimits = { tasks: 5_000_000, turn_ms: 10_000, grace_ms: 15_000 }
