import type { ServerLine } from '../src/contract/text-line.js'
import { BRIDGE_LIMITS, type BridgeFrame } from './protocol.js'

/** Faults that tests and controls plant at the server's side; no run has one by itself. */
export const BRIDGE_FAULTS = [
  'unreachable', 'refuses', 'slow_handshake', 'slow_but_in_time', 'hangs_after_handshake', 'dies_in_run', 'worker_dies_in_run', 'restarts_in_run',
  'answers_out_of_order', 'answers_twice', 'repeats_events', 'garbage', 'another_session', 'names_another_artifact',
] as const
export type BridgeFault = (typeof BRIDGE_FAULTS)[number]

/** In ms: far more than a handshake takes, and still in time. */
const IN_TIME_MS = 150

/** What a fault does to the frames that go to the realm; `n` counts from 0. Gives the texts to send now. */
type Distort = (text: string, frame: BridgeFrame, line: ServerLine, n: number) => string[]

const OTHER_SESSION = '00000000-0000-4000-8000-000000000000'
const again = (frame: BridgeFrame, n: number): string => JSON.stringify({ ...frame, n })

const DISTORT: Partial<Record<BridgeFault, () => Distort>> = {
  hangs_after_handshake: () => (text, _frame, _line, n) => (n === 0 ? [text] : []),
  dies_in_run: () => (text, { type }, line) => {
    if (type !== 'events') return [text]
    line.terminate()
    return []
  },
  answers_out_of_order: () => {
    let held: string | null = null
    return (text, { type }) => {
      const late = held
      held = late === null && type === 'events' ? text : null
      return held === null ? [text, ...(late === null ? [] : [late])] : []
    }
  },
  answers_twice: () => (text, _frame, _line, n) => (n === 0 ? [text] : [text, text]),
  // Each frame is in its place, and half of what it tells never happened.
  repeats_events: () => {
    let n = 0
    return (_text, frame) => (frame.type === 'events' ? [again(frame, ++n), again(frame, ++n)] : [again(frame, ++n)])
  },
  garbage: () => (text, { type }) => (type === 'events' ? ['garbage', text] : [text]),
  another_session: () => (text, frame, _line, n) => (n === 0 ? [text] : [JSON.stringify({ ...frame, session: OTHER_SESSION })]),
  names_another_artifact: () => (text, _frame, _line, n) => (n === 0 ? [text.replace(/[0-9a-f]{64}/, 'f'.repeat(64))] : [text]),
}

/** A line whose server is faulty; null when the fault is that nobody answers. Faults of workers and of the whole desk are the desk's own. */
export function faultyLine(fault: BridgeFault, line: ServerLine): ServerLine | null {
  if (fault === 'unreachable') {
    line.terminate()
    return null
  }
  if (fault === 'refuses') {
    line.close(1013, 'too_many_sessions')
    return null
  }
  const distort = DISTORT[fault]?.()
  let n = 0
  const send = (text: string): void => {
    const frame = JSON.parse(text) as BridgeFrame
    for (const one of distort?.(text, frame, line, n++) ?? [text]) line.send(one)
  }
  return through(line, delayed(fault, send))
}

/** Holds back the first answer; what comes after keeps its place. */
function delayed(fault: BridgeFault, send: (text: string) => void): (text: string) => void {
  const ms = fault === 'slow_handshake' ? BRIDGE_LIMITS.handshake_ms + 2_000 : fault === 'slow_but_in_time' ? IN_TIME_MS : 0
  if (ms === 0) return send
  let waiting: string[] | null = null
  let open = false
  return (text) => {
    if (open) return send(text)
    if (waiting !== null) return void waiting.push(text)
    waiting = [text]
    setTimeout(() => {
      open = true
      waiting!.forEach(send)
    }, ms).unref()
  }
}

function through(line: ServerLine, send: (text: string) => void): ServerLine {
  const faulty: ServerLine = { carrier: line.carrier, onmessage: null, onclose: null, send, close: line.close, terminate: line.terminate }
  line.onmessage = (text) => faulty.onmessage?.(text)
  line.onclose = (code, reason) => faulty.onclose?.(code, reason)
  return faulty
}
