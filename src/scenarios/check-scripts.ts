import type { HttpAction, HttpExchangeScript, SocketAction, SocketConnectionScript } from '../contract/scenario.js'
import type { HttpVersion } from '../contract/vocabulary.js'
import type { Problem } from './problem.js'

/** A WebSocket script: nothing after its end, codes that may be sent, an echo only of a message. */
export function checkSocketScript(script: SocketConnectionScript, path: string): Problem[] {
  const rules = script.on_message ?? []
  if (script.handshake.answer !== 'accept' && (script.on_open !== undefined || rules.length > 0)) {
    return [{ path: `${path}.handshake`, message: `a connection answered with '${script.handshake.answer}' never opens, so its actions never run`, hint: 'take on_open and on_message out, or accept' }]
  }
  return [
    ...socketActions(script.on_open ?? [], `${path}.on_open`),
    ...(script.on_open ?? []).flatMap((action, index) => action.do === 'echo'
      ? [{ path: `${path}.on_open[${index}]`, message: 'there is no message to echo when the connection opens', hint: 'use send, or move the echo to on_message' }]
      : []),
    ...rules.flatMap((rule, index) => socketActions(rule.actions, `${path}.on_message[${index}].actions`)),
  ]
}

function socketActions(actions: readonly SocketAction[], path: string): Problem[] {
  const last = actions.findIndex((action) => action.do === 'close' || action.do === 'terminate')
  return [
    ...(last >= 0 ? unreachable(actions.length, last, path) : []),
    ...actions.flatMap((action, index) => action.do === 'close' && !maySend(action.code)
      ? [{ path: `${path}[${index}].code`, message: `${action.code} may not be sent in a close frame`, hint: 'use 1000 to 1003, 1007 to 1014 or 3000 to 4999; for an abnormal close use terminate' }]
      : []),
  ]
}

/** RFC 6455, 7.4: 1004 to 1006 and 1015 are reserved. */
const maySend = (code: number): boolean => (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999)

/** An HTTP script: one head, before the body and the end; nothing after the end; in HTTP/2 nothing that only HTTP/1.1 has. */
export function checkHttpScript(script: HttpExchangeScript, path: string, version: HttpVersion): Problem[] {
  const { actions } = script
  const place = (index: number): string => `${path}.actions[${index}]`
  const headAt = actions.findIndex((action) => action.do === 'head')
  const last = actions.findIndex((action) => action.do === 'end' || action.do === 'destroy')
  const headless = (action: HttpAction, index: number): boolean => (action.do === 'body' || action.do === 'end') && (headAt < 0 || index < headAt)
  return [
    ...actions.flatMap((action, index) => headless(action, index)
      ? [{ path: place(index), message: `'${action.do}' before any head`, hint: 'send a head first; for an answer without one use raw and destroy' }]
      : []),
    ...actions.flatMap((action, index) => action.do === 'head' && index !== headAt ? [{ path: place(index), message: 'a second head', hint: 'an answer has one head: take this one out' }] : []),
    ...(last >= 0 ? unreachable(actions.length, last, `${path}.actions`) : []),
    ...(version === 'h2' ? actions.flatMap((action, index) => notInHttp2(action, place(index))) : []),
  ]
}

/** RFC 9113, 8.2.2: fields of a connection are malformed there. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

function notInHttp2(action: HttpAction, path: string): Problem[] {
  if (action.do === 'raw') return [{ path, message: 'HTTP/2 has no raw text: a connection carries frames', hint: 'leave http_version out for a malformed answer' }]
  const field = action.do === 'head' ? Object.keys(action.headers ?? {}).find((name) => CONNECTION_FIELDS.has(name.toLowerCase())) : undefined
  return field === undefined ? [] : [{ path: `${path}.headers`, message: `HTTP/2 has no field '${field}'`, hint: 'take it out: a stream ends by itself, and the connection is not its own' }]
}

const unreachable = (length: number, last: number, path: string): Problem[] =>
  last < length - 1 ? [{ path: `${path}[${last + 1}]`, message: 'never runs: the action before it ends the connection', hint: 'take it out, or move it before the end' }] : []
