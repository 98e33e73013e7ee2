import { existsSync, readFileSync } from 'node:fs'
import { isSeq, parseDocument } from 'yaml'
import type { Verdict } from '../contract/verdict.js'
import type { VerdictToken } from '../contract/vocabulary.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { defaultExpectation } from '../judge/exit-code.js'
import { FILL_IN, isYaml, lastMatch, type ExpectationEntry } from './expectations.js'
import { factsOf, seen, type Reviewing } from './review-expectations.js'

export interface ExpectationsUpdate {
  /** Places in the file, of entries that are to go. */
  removed: number[]
  /** To be put at the end, where they stand before all others. */
  added: ExpectationEntry[]
}

/** What may be expected of a cell; anything else is nothing to be content with. */
const MAY_BE_EXPECTED: ReadonlySet<VerdictToken> = new Set(['parity', 'bridge_only', 'unsupported', 'semantic_mismatch', 'bridge_mismatch'])

/** What would make the entries fit a run. Those that hold for any cell stay as they are, also those that excuse nothing for want of a reason or because their day is past: these are for a person. */
export function updateOf(entries: readonly ExpectationEntry[], reviewing: Reviewing): ExpectationsUpdate {
  const facts = factsOf(entries, reviewing)
  const removed = facts.flatMap(({ covered, matched, holding }, at) => ((matched.length > 0 && holding.length === 0 && covered) || (covered && matched.length === 0) ? [at] : []))
  const speaks = lastMatch(entries.filter((_, at) => !removed.includes(at)), reviewing.productOf)
  const surprising = reviewing.verdicts.filter((verdict) => seen(verdict) && MAY_BE_EXPECTED.has(verdict.verdict) && (speaks(verdict)?.verdict ?? defaultExpectation(verdict)) !== verdict.verdict)
  return { removed, added: grouped(surprising, reviewing) }
}

/** An entry for each scenario and verdict in an engine, over the roles in which it came out so. */
function grouped(verdicts: readonly Verdict[], { productOf }: Reviewing): ExpectationEntry[] {
  const groups = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const key = [verdict.engine, routeOf(verdict), verdict.scenario_id, verdict.verdict].join(' ')
    groups.set(key, [...(groups.get(key) ?? []), verdict])
  }
  return [...groups.values()].map((group): ExpectationEntry => {
    const [first] = group as [Verdict]
    const roles = group.map(({ host_role }) => host_role)
    const engine_product = productOf(first.engine) as ExpectationEntry['engine_product']
    return {
      lane: `${first.engine}.${roles.length === 1 ? roles[0] : `{${roles.join(',')}}`}.${routeOf(first)}`, scenario: first.scenario_id,
      ...(engine_product === undefined ? {} : { engine_product }), verdict: first.verdict, reason: `${FILL_IN}: ${first.reason}`,
    }
  })
}

const routeOf = ({ lane_id }: Verdict): string => lane_id.slice(lane_id.lastIndexOf('.') + 1)

/** The text of a file with an update in it; whatever else it holds stays, in its order. `before` is null for a file that is not there. */
export function updatedText(before: string | null, { removed, added }: ExpectationsUpdate, yaml: boolean): string {
  if (yaml) {
    const document = parseDocument(before ?? 'schema: lanecheck.expectations.v1\nexpectations: []\n')
    const entries = document.get('expectations')
    if (isSeq(entries)) {
      if (entries.items.length === removed.length) entries.flow = false
      for (const at of [...removed].reverse()) entries.delete(at)
      for (const entry of added) entries.add(document.createNode(entry))
      if (added.length > 0) entries.flow = false
    }
    return document.toString({ lineWidth: 0 })
  }
  const file = (before === null ? { schema: 'lanecheck.expectations.v1', expectations: [] } : JSON.parse(before)) as { expectations: unknown[] }
  return `${JSON.stringify({ ...file, expectations: [...file.expectations.filter((_, at) => !removed.includes(at)), ...added] }, null, 2)}\n`
}

/** What goes and what comes, for people; empty when nothing does. */
export function updateText(file: string, entries: readonly ExpectationEntry[], { removed, added }: ExpectationsUpdate): string {
  const lines = (sign: string, entry: ExpectationEntry | undefined): string[] => JSON.stringify(entry, null, 2).split('\n').map((line) => `${sign} ${line}`)
  if (removed.length + added.length === 0) return ''
  return [`--- ${file}`, `+++ ${file}`, ...removed.flatMap((at) => [`@@ expectations.${at}`, ...lines('-', entries[at])]), ...added.flatMap((entry, at) => [`@@ expectations.${entries.length - removed.length + at}`, ...lines('+', entry)]), ''].join('\n')
}

/** Writes an update to a file, whole or not at all; one that changes nothing is not written. Throws `output_not_writable`, `disk_full`. */
export async function writeUpdate(file: string, update: ExpectationsUpdate): Promise<void> {
  if (update.removed.length + update.added.length === 0) return
  await atomicWrite(file, updatedText(existsSync(file) ? readFileSync(file, 'utf8') : null, update, isYaml(file)))
}
