import type { WebSocket } from 'ws'
import type { z } from 'zod'
import type { ServerLine } from '../contract/text-line.js'
import { errorText } from './player.js'

/** Reads a control connection: JSON text, each message parsed by the schema; what does not parse is told and dropped. */
export function readControl<Message>(
  socket: WebSocket, schema: z.ZodType<Message>, onMessage: (message: Message) => void, refused: (what: string) => void,
): void {
  socket.on('message', (data, isBinary) => {
    if (isBinary) return refused('control: a binary message')
    const parsed = parseMessage(schema, data.toString())
    if (typeof parsed === 'string') refused(`control: ${parsed}`)
    else onMessage(parsed.message)
  })
  socket.on('error', (error) => refused(`control: ${error.message}`))
}

/** The same of a line, whatever carries it. */
export function readLine<Message>(line: ServerLine, schema: z.ZodType<Message>, onMessage: (message: Message) => void, refused: (what: string) => void): void {
  line.onmessage = (text) => {
    const parsed = parseMessage(schema, text)
    if (typeof parsed === 'string') refused(`control: ${parsed}`)
    else onMessage(parsed.message)
  }
}

/** The message, or why it is none. */
function parseMessage<Message>(schema: z.ZodType<Message>, text: string): { message: Message } | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return errorText(error)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { message: parsed.data }
  const [issue] = parsed.error.issues
  return `${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'does not parse'}`
}
