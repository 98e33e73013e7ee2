import type { MessageSpec } from '../contract/message.js'
import type { Close, Expectation, HttpAction, PeerModel, Scenario, SocketAction, SocketConnectionScript } from '../contract/scenario.js'

type Optional = 'tiers' | 'limit_ticks' | 'deadlines' | 'peers' | 'page' | 'needs' | 'without' | 'host_roles'
/** What a catalogue scenario says itself; the rest is the house's default. */
export type ScenarioParts = Pick<Scenario, 'id' | 'title' | 'tasks'> & Partial<Pick<Scenario, Optional>> & { expect: Partial<Expectation>; late_ticks?: number }

/**
 * Completes a catalogue scenario: 10 ms ticks, a limit of 300 ticks, a window of 5 ticks late, or of 10 where another process takes part;
 * its deadline, if it has one, is the one reported on.
 */
export function scenario(parts: ScenarioParts): Scenario {
  const deadlines = parts.deadlines ?? {}
  const timer = /^(?:timer|task)\./.test(parts.id)
  const { page, needs, without, host_roles } = parts
  return {
    id: parts.id,
    title: parts.title,
    surface_family: timer ? 'timer_surface' : parts.id.startsWith('http.') ? 'http_surface' : /^(?:browser|downgrade)\./.test(parts.id) ? 'browser_surface' : 'virtual_transport_surface',
    tiers: parts.tiers ?? ['T3'],
    ...(page === undefined ? {} : { page }),
    ...(needs === undefined ? {} : { needs }),
    ...(without === undefined ? {} : { without }),
    ...(host_roles === undefined ? {} : { host_roles }),
    scenario_clock_id: 'scenario.monotonic',
    tick_ms: 10,
    normalization_window: { early_ticks: 0, late_ticks: parts.late_ticks ?? (timer ? 5 : 10) },
    logical_deadline_id: Object.keys(deadlines)[0] ?? null,
    deadlines,
    peers: parts.peers ?? {},
    tasks: parts.tasks,
    limit_ticks: parts.limit_ticks ?? 300,
    expect: { outcome: 'completed', timers: {}, deadlines: {}, channels: {}, exchanges: {}, streams: {}, orders: [], ...parts.expect },
  }
}

/** The tiers of a scenario that is part of the smoke run too. */
export const SMOKE: Scenario['tiers'] = ['T2', 'T3']

export const text = (value: string, count?: number): MessageSpec => (count === undefined ? { kind: 'text', text: value } : { kind: 'text', text: value, count })
export const hex = (value: string): MessageSpec => ({ kind: 'hex', hex: value })
export const say = (message: MessageSpec): SocketAction => ({ do: 'send', message })

/** A WebSocket peer that accepts and then does this. */
export function websocket(script: Omit<SocketConnectionScript, 'handshake'> & { protocol?: string }): PeerModel {
  const { protocol, ...rest } = script
  return { kind: 'websocket', connections: [{ handshake: protocol === undefined ? { answer: 'accept' } : { answer: 'accept', protocol }, ...rest }] }
}

/** A WebSocket peer that sends every message back. */
export const echoPeer = websocket({ on_message: [{ actions: [{ do: 'echo' }] }] })

/** An HTTP peer whose n-th request gets the n-th of these. */
export const http = (...exchanges: HttpAction[][]): PeerModel => ({ kind: 'http', exchanges: exchanges.map((actions) => ({ actions })) })

/** The same over HTTP/2. */
export const h2 = (...exchanges: HttpAction[][]): PeerModel => ({ ...http(...exchanges), http_version: 'h2' }) as PeerModel

/** The head of an answer. Its type is one that no engine sniffs. */
export const head = (status = 200, headers: Record<string, string> = {}): HttpAction =>
  ({ do: 'head', status, headers: { 'content-type': 'application/x-lanecheck', 'cache-control': 'no-store', ...headers } })
export const body = (message: MessageSpec): HttpAction => ({ do: 'body', message })
export const pause = (ticks: number): { do: 'wait'; ticks: number } => ({ do: 'wait', ticks })
export const end: HttpAction = { do: 'end' }

export const closedBySubject = (code: number, reason = ''): Close => ({ initiator: 'subject', code, reason, clean: true })
export const closedByPeer = (code: number, reason = ''): Close => ({ initiator: 'peer', code, reason, clean: true })
/** No closing handshake took place. */
export const BROKEN: Close = { initiator: 'network', code: 1006, reason: '', clean: false }

export const fired = (times = 1): { outcome: 'fired'; fired: number } => ({ outcome: 'fired', fired: times })
/** Cleared for good, after it had fired so many times. */
export const cancelled = (times = 0): { outcome: 'cancelled'; fired: number } => ({ outcome: 'cancelled', fired: times })
