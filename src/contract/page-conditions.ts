import { z } from 'zod'
import type { Capability, HostRole, TakenGlobal } from './vocabulary.js'

/**
 * What the page that hosts a realm is made to be by its server. `plain`: a secure context that is not isolated and allows all;
 * `isolated`: cross-origin isolated; `wasm_forbidden`: a content security policy without `wasm-unsafe-eval`; `insecure`: no secure context.
 */
export const PAGE_CONDITIONS = ['plain', 'isolated', 'wasm_forbidden', 'insecure'] as const
export const PageConditionSchema = z.enum(PAGE_CONDITIONS)
export type PageCondition = z.infer<typeof PageConditionSchema>

/** What a subject may ask of its page: what a maintainer can have a server send. */
export const SUBJECT_PAGES = ['plain', 'isolated'] as const satisfies readonly PageCondition[]
export const SubjectPageSchema = z.enum(SUBJECT_PAGES)
export type SubjectPage = z.infer<typeof SubjectPageSchema>

/** What a page is, as its server made it: what it lacks is the page's fault, not the engine's. */
export interface PageFacts { secure_context: boolean; cross_origin_isolated: boolean }

export const pageFacts = (page: PageCondition): PageFacts => ({ secure_context: page !== 'insecure', cross_origin_isolated: page === 'isolated' })

/** Under what a realm is admitted, beside engine and role. */
export interface Admittance { page: PageCondition; needs: readonly Capability[]; without?: readonly TakenGlobal[] | undefined }

/** What a scenario asks of its page; the plain one, and nothing beside what the subject requires, when it does not say. */
export const admittanceOf = ({ page = 'plain', needs = [], without }: { page?: PageCondition | undefined; needs?: Capability[] | undefined; without?: TakenGlobal[] | undefined }): Admittance =>
  ({ page, needs, ...(without === undefined ? {} : { without }) })

/** Names an admittance in a file name; empty for the usual one. */
export const admittanceKey = ({ page, needs, without = [] }: Admittance): string =>
  (page === 'plain' && needs.length === 0 && without.length === 0 ? '' : [page, ...[...needs].sort(), ...[...without].sort().map((name) => `without_${name.toLowerCase().replaceAll('.', '_')}`)].join('-'))

/** The file of a realm's packet, relative to the evidence folder. */
export function packetPath(engine: string, role: HostRole, admittance: Admittance): string {
  const key = admittanceKey(admittance)
  return `hosts/${engine}.${role}${key === '' ? '' : `.${key}`}.json`
}
