import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { SubjectDeclarationSchema } from '../contract/host.js'
import { FromRealmSchema, type FromRealm } from '../contract/realm-protocol.js'
import { BridgeEventSchema, PageEventSchema, SubjectEventSchema, type RealmEvent } from '../contract/trace.js'

type EventSchema = z.ZodType<RealmEvent>

/** Each kind's own schema: a batch of events is most of what a realm says, and the union would try one after the other. */
const EVENTS = new Map<unknown, EventSchema>([...SubjectEventSchema.options, ...PageEventSchema.options, BridgeEventSchema].flatMap(
  (schema) => kindsOf(schema.shape.kind).map((kind): [string, EventSchema] => [kind, schema as unknown as EventSchema])))

function kindsOf(kind: z.ZodLiteral<string> | z.ZodEnum<Record<string, string>>): string[] {
  return kind instanceof z.ZodLiteral ? [...kind.values] : kind.options
}

/** What JSON would carry of a value of another realm, as objects of this one. */
function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Array.from(value as unknown[], plainCopy)
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name]
    if (member !== undefined && typeof member !== 'function') copy[name] = plainCopy(member)
  }
  return copy
}

/** Copies and parses a message of the artifact. Throws `subject_invalid` when the subject's declaration is wrong, else `internal`. */
export function parseRealmMessage(given: unknown): FromRealm {
  const message = plainCopy(given) as { type?: unknown; events?: unknown } | null
  const events = message?.type === 'events' && Object.keys(message).length === 2 ? parseEvents(message.events) : null
  if (events !== null) return { type: 'events', events }
  const parsed = FromRealmSchema.safeParse(message)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.map(String).join('.') ?? ''
  if (where.startsWith('subject')) throw invalidDeclaration((message as { subject?: unknown }).subject, issue!)
  throw new LanecheckError('internal', `the artifact broke its protocol: ${issue?.message}`, { where })
}

/** Names what keeps a module's default export from being a Subject. */
function invalidDeclaration(given: unknown, { path, message }: z.core.$ZodIssue): LanecheckError {
  const declared = (given ?? {}) as Record<string, unknown>
  const [, field, ...within] = path.map(String)
  const invalid = (problem: string, where: string): LanecheckError =>
    new LanecheckError('subject_invalid', problem, { where, hint: 'a subject is a module whose default export is a Subject: export default defineSubject({ name, version, requires, host_roles, bridge, start })' })
  if (Object.keys(declared).every((name) => name === 'classification' || name === 'start')) return invalid('the module has no default export, or one that is no Subject', 'default')
  const unknown = Object.keys(declared).find((name) => declared[name] === 'unknown' && !Object.hasOwn(SubjectDeclarationSchema.shape, name))
  if (field === undefined && unknown !== undefined) return invalid(`a subject has no "${unknown}": a name mistyped would pass for left out`, `default.${unknown}`)
  // The realm tells of `start` only when it is no function.
  if (field === undefined) return invalid(`the subject has no start(): it is ${String(declared.start)}`, 'default.start')
  const where = ['default', field, ...within].join('.')
  return declared[field] === undefined ? invalid(`the subject has no ${field}`, where) : invalid(`the subject's ${field} is not valid: ${message}`, where)
}

/** Null when one of them is not an event: the whole message is then parsed for its error. */
function parseEvents(given: unknown): RealmEvent[] | null {
  if (!Array.isArray(given)) return null
  const events: RealmEvent[] = []
  for (const event of given as Array<{ kind?: unknown } | null>) {
    const parsed = EVENTS.get(event?.kind)?.safeParse(event)
    if (parsed?.success !== true) return null
    events.push(parsed.data)
  }
  return events
}
