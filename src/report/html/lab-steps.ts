import type { MessageSummary } from '../../contract/message.js'
import type { NormalizedRecord, SemanticRecord } from '../../contract/record.js'
import { messageText } from './event-text.js'
import type { Step } from './embedded.js'

type Side = NonNullable<Step['lab']>

/**
 * The steps that a normalized record tells of, by label: timers, deadlines and calls with their ticks, the rest without.
 * What it keeps no trace of (marks, chunks, the opening of a channel) is not among them; see `isKept`.
 */
export function recordSteps({ qualified, semantic }: NormalizedRecord): Map<string, Side> {
  const steps = new Map<string, Side>(Object.entries(qualified.at_ticks).map(([label, ticks]) => [label, { ticks, text: '' }]))
  const add = (label: string, text = ''): void => { if (!steps.has(label)) steps.set(label, { ticks: null, text }) }
  for (const [name, timer] of Object.entries(semantic.timers)) if (timer.outcome === 'cancelled') add(`timer.${name}.cleared`)
  for (const [name, channel] of Object.entries(semantic.channels)) addChannel(add, `channel.${name}`, channel)
  for (const [name, exchange] of Object.entries(semantic.exchanges)) {
    if (exchange.status !== null) add(`exchange.${name}.head`, `status ${exchange.status}`)
    if (exchange.end !== 'pending') add(`exchange.${name}.${exchange.end}`, exchange.body === null ? '' : messageText(exchange.body))
  }
  for (const [name, stream] of Object.entries(semantic.streams)) {
    stream.events.forEach(({ id, event, data }, index) => add(nth(`stream.${name}.event`, index), eventSourceText(id, event, data)))
  }
  for (const [name, call] of Object.entries(semantic.calls ?? {})) addCall(steps, add, `call.${name}`, call)
  return steps
}

type CallRecord = NonNullable<SemanticRecord['calls']>[string]

function addCall(steps: Map<string, Side>, add: (label: string, text?: string) => void, at: string, { end, result, error_name, late, late_result, reports }: CallRecord): void {
  const ended = steps.get(`${at}.${end}`)
  if (ended !== undefined) ended.text = result === null ? (error_name ?? '') : jsonText(result)
  reports.forEach((value, index) => add(nth(`${at}.reported`, index), jsonText(value)))
  if (late === 'result') add(`${at}.late_result`, late_result === null ? '' : jsonText(late_result))
  if (late === 'stopped') add(`${at}.stopped`)
}

/** What a call gave, as JSON where it is short enough to have been kept. */
export const jsonText = ({ text, length, sha256 }: MessageSummary): string => text ?? `${length} B of JSON ${sha256.slice(0, 12)}…`

function addChannel(add: (label: string, text?: string) => void, at: string, channel: SemanticRecord['channels'][string]): void {
  if (channel.opened) add(`${at}.open`, channel.protocol ? `protocol ${channel.protocol}` : '')
  channel.sent.forEach((message, index) => add(nth(`${at}.sent`, index), messageText(message)))
  channel.received.forEach((message, index) => add(nth(`${at}.message`, index), messageText(message)))
  for (let index = 0; index < channel.refused_sends; index++) add(nth(`${at}.send_refused`, index))
  if (channel.close !== null) add(`${at}.closed`, closeText(channel.close))
}

export const closeText = ({ code, reason, clean }: { code: number; reason: string; clean: boolean }): string =>
  `code ${code}${reason === '' ? '' : ` ${JSON.stringify(reason)}`} ${clean ? 'clean' : 'not clean'}`

export const eventSourceText = (id: string, event: string, data: string): string => `${id === '' ? '' : `id ${id} `}${event} ${JSON.stringify(data)}`

const nth = (label: string, index: number): string => (index === 0 ? label : `${label}#${index + 1}`)

const KEPT = /^(?:timer\.[^.]+\.(?:set|fired)|deadline\.[^.]+\.(?:started|exceeded|completed|cancelled)|channel\.[^.]+\.(?:open|sent|message|send_refused|closed)|exchange\.[^.]+\.(?:head|completed|cancelled|failed)|stream\.[^.]+\.event|call\.[^.]+\.(?:started|reported|completed|failed|cancelled|timed_out|stopped|late_result))(?:#|$)/

/** Whether a record tells of every step with such a label, so that its silence says that there was none. */
export const isKept = (label: string): boolean => KEPT.test(label)
