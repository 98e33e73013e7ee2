import type { WebSocket } from 'ws'
import type { z } from 'zod'
import type { ServerLine } from '../contract/text-line.js'
import { wellFormed, wellFormedIn } from '../contract/well-formed.js'
import { errorText } from './player.js'

/** As JSON is written, only a lone surrogate is escaped so; what is text for another reason is looked at in vain. */
const LONE_ESCAPED = /\\ud[89a-f]/i

/** Reads a control connection: JSON text, each message parsed by the schema; what does not parse is dropped and told to `unread`. */
export function readControl<Message>(
  socket: WebSocket, schema: z.ZodType<Message>, onMessage: (message: Message) => void, refused: (what: string) => void, unread = refused,
): void {
  socket.on('message', (data, isBinary) => {
    if (isBinary) return unread('control: a binary message')
    const parsed = parseMessage(schema, data.toString())
    if (typeof parsed === 'string') unread(`control: ${parsed}`)
    else onMessage(parsed.message)
  })
  socket.on('error', (error) => refused(`control: ${error.message}`))
}

/** The same of a line, whatever carries it. */
export function readLine<Message>(line: ServerLine, schema: z.ZodType<Message>, onMessage: (message: Message) => void, unread: (what: string) => void): void {
  line.onmessage = (text) => {
    const parsed = parseMessage(schema, text)
    if (typeof parsed === 'string') unread(`control: ${parsed}`)
    else onMessage(parsed.message)
  }
}

/** The message, or why it is none. Its text is the engine's or the subject's, and is to be kept: it needs a form in UTF-8. */
function parseMessage<Message>(schema: z.ZodType<Message>, text: string): { message: Message } | string {
  let value: unknown
  try {
    value = JSON.parse(text)
    if (LONE_ESCAPED.test(text)) value = wellFormedIn(value)
  } catch (error) {
    return wellFormed(errorText(error))
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { message: parsed.data }
  const [issue] = parsed.error.issues
  return wellFormed(`${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'does not parse'}`)
}
