import { z } from 'zod'

/** What crosses between Node and the page of a slot, which makes and removes that slot's realms. */
const AttemptId = z.string().regex(/^[a-z0-9_.-]+$/, 'not an attempt id: want lower-case letters, digits, dots, dashes, underscores')

export const AgentCommandSchema = z.discriminatedUnion('type', [
  /** `scope` is for a service worker only. */
  z.strictObject({
    type: z.literal('spawn'), role: z.enum(['dedicated_worker', 'shared_worker', 'service_worker']),
    attempt: AttemptId, script: z.string(), scope: z.string().optional(),
  }),
  /** Ends what was spawned for the attempt: terminates, or unregisters. */
  z.strictObject({ type: z.literal('reap'), attempt: AttemptId }),
  /** Takes a service worker's registration away, or has its script fetched again. */
  z.strictObject({ type: z.literal('end'), attempt: AttemptId, how: z.enum(['unregistered', 'updated']) }),
  /** Has a service worker that was ended start again: by a message to it, or registered anew. */
  z.strictObject({ type: z.literal('wake'), attempt: AttemptId }),
])
export type AgentCommand = z.infer<typeof AgentCommandSchema>

export const AgentMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('spawned'), attempt: z.string() }),
  z.strictObject({ type: z.literal('reaped'), attempt: z.string() }),
  /** `attempt` is null when the page itself failed. */
  z.strictObject({ type: z.literal('error'), attempt: z.string().nullable(), message: z.string() }),
])
export type AgentMessage = z.infer<typeof AgentMessageSchema>
