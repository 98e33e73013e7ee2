import type { Expectation, Scenario } from '../../contract/scenario.js'
import { closedBySubject, echoPeer, fired, text } from '../build.js'

type Work = Pick<Scenario, 'tasks'> & Partial<Pick<Scenario, 'peers'>> & { expect: Partial<Expectation> }

/** A message there and back: timers and transport are at work in the realm that was admitted. */
export const ECHO: Work = {
  peers: { echo: echoPeer },
  tasks: {
    main: [
      { op: 'socket.open', channel: 'c', peer: 'echo' },
      { op: 'socket.wait_open', channel: 'c' },
      { op: 'socket.send', channel: 'c', message: text('who runs me?') },
      { op: 'socket.wait_message', channel: 'c', count: 1 },
      { op: 'socket.close', channel: 'c', code: 1000, reason: 'answered' },
      { op: 'socket.wait_close', channel: 'c' },
    ],
  },
  expect: {
    channels: { c: { opened: true, received: [text('who runs me?')], peer_received: [text('who runs me?')], close: closedBySubject(1000, 'answered') } },
    orders: [['channel.c.open', 'channel.c.message', 'channel.c.closed']],
  },
}

/** Two timers, the later one set first. */
export const TIMERS: Work = {
  tasks: {
    main: [
      { op: 'timer.set', timer: 'late', after_ticks: 14 },
      { op: 'timer.set', timer: 'early', after_ticks: 4 },
      { op: 'timer.wait', timer: 'late' },
    ],
  },
  expect: { timers: { early: fired(), late: fired() }, orders: [['timer.early.fired', 'timer.late.fired']], at_ticks: { 'timer.early.fired': 4, 'timer.late.fired': 14 } },
}
