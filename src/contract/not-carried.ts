import type { Law } from './verdict.js'

/** What a bridge cannot carry, by name: a closed list. */
export const NOT_CARRIED = ['order_across_it', 'cancel_in_flight', 'ticks_to_cancel', 'realm_clock', 'realm_network', 'realm_objects', 'realm_lifetime'] as const
export type NotCarried = (typeof NOT_CARRIED)[number]

/** What is not carried, why, and what stands instead; with the law that it would be judged by. */
export interface NotCarriedStatement { what: string; because: string; instead: string; law: Law }

/**
 * Why a bridged cell is `bridge_only` however well it went. The whole scenario runs on the server's side, against the same peers;
 * what is said here is true of every such cell, and no record of one says otherwise.
 */
export const NOT_CARRIED_STATEMENTS: Readonly<Record<NotCarried, NotCarriedStatement>> = {
  order_across_it: {
    what: 'the order between what happens in the realm and what happens on the server',
    because: 'two event loops, joined by a line that delivers late: neither sees when the other acts',
    instead: 'the server\'s own order is kept, and is what `orders` is judged by',
    law: 'order',
  },
  cancel_in_flight: {
    what: 'that what the realm cancels has not happened yet',
    because: 'a cancel that crosses the line may pass a result that is on its way back',
    instead: 'cancels inside the scenario are the server\'s own; a run that the realm cancels is `cancelled` in both logs, or a loss, never parity',
    law: 'cancellation',
  },
  ticks_to_cancel: {
    what: 'the time from a cancel in the realm to its effect, in ticks',
    because: 'ticks are counted by the clock of the server\'s worker; the way over the line is wall time, which is compared with nothing',
    instead: 'ticks of a bridged cell are the worker\'s from first to last',
    law: 'time_contract',
  },
  realm_clock: {
    what: 'the realm\'s own timers: clamped, throttled in the background, coarse on purpose',
    because: 'the scenario\'s timers are those of Node, in a worker',
    instead: 'what the subject makes of timers is compared with the lab; nothing is said of the engine\'s',
    law: 'lab_live_agreement',
  },
  realm_network: {
    what: 'the engine\'s network: CORS, mixed content, policies of the page, its caches, its HTTP stack',
    because: 'sockets and requests are opened by Node, not by the page',
    instead: 'what the subject makes of sockets and requests is compared with the lab; nothing is said of the engine\'s',
    law: 'lab_live_agreement',
  },
  realm_objects: {
    what: 'objects of the realm: shared memory, ports, streams, documents',
    because: 'the line carries text; only what has a form in JSON crosses',
    instead: 'scenarios hold none, and a subject that needs one in its realm is no subject for a bridge',
    law: 'admission',
  },
  realm_lifetime: {
    what: 'how long the realm lives',
    because: 'the server\'s worker neither falls asleep nor ends with the page; it hears of it by a heartbeat that stops',
    instead: 'a realm that goes is a loss, with a limit in time; no claim is made about the lifetime of a service worker',
    law: 'infrastructure',
  },
}
