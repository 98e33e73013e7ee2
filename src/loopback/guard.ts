/** Why a caller is turned away, and with which HTTP status. */
export interface Refusal { status: number; what: string }

/**
 * Whether a caller may ask at all, by the `Host` and `Origin` it sent: no page of another origin and no rebound name gets in. `names`: hosts that lead here.
 * Callers without an `Origin` (navigations, same-origin reads, Node) are told apart by the token alone.
 */
export function refuseCaller(headers: { host?: string | undefined; origin?: string | undefined }, port: number, origins: ReadonlySet<string>, names: readonly string[] = ['127.0.0.1']): Refusal | null {
  if (!names.some((name) => headers.host === `${name}:${port}`)) return { status: 421, what: `wrong host: ${headers.host ?? '(none)'}` }
  if (headers.origin !== undefined && !origins.has(headers.origin)) return { status: 403, what: `foreign origin: ${headers.origin}` }
  return null
}
