import type { Scenario, Step } from '../../src/contract/scenario.js'

/** Every step there is. What is none of these would be passed over in silence, and the scenario would look as if it had run. */
const OPS: Record<Step['op'], true> = {
  'timer.set': true, 'timer.set_many': true, 'timer.interval': true, 'timer.clear': true, 'timer.wait': true,
  'deadline.start': true, 'deadline.finish': true, 'deadline.wait': true, mark: true, microtask: true, wait: true, shutdown: true,
  'socket.open': true, 'socket.send': true, 'socket.close': true, 'socket.wait_open': true, 'socket.wait_message': true, 'socket.wait_close': true,
  'request.send': true, 'request.cancel': true, 'request.wait_head': true, 'request.wait_bytes': true, 'request.wait_end': true,
  'events.open': true, 'events.close': true, 'events.wait': true, 'call.start': true, 'call.cancel': true, 'call.wait': true,
}

/**
 * Throws when a realm was sent what is no scenario. Node has checked every one with its schemas, which no realm carries along:
 * this is the realm's own guard, over what would go wrong without a sound.
 */
export function refuseNonsense({ tick_ms, limit_ticks, tasks }: Scenario): void {
  for (const [name, value] of Object.entries({ tick_ms, limit_ticks })) if (!(Number.isInteger(value) && value > 0)) throw new TypeError(`nonsense: ${name} is ${String(value)}`)
  for (const [task, steps] of Object.entries(tasks)) for (const step of steps) refuseStep(task, step)
}

function refuseStep(place: string, step: Step): void {
  if (!Object.hasOwn(OPS, step.op)) throw new TypeError(`nonsense: ${place} has a step "${String(step.op)}"`)
  const inner = 'on_fire' in step ? step.on_fire : 'on_exceed' in step ? step.on_exceed : undefined
  for (const one of inner ?? []) refuseStep(`${place} ${step.op}`, one)
}
