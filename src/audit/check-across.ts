import type { Plan, Verdict } from '../contract/verdict.js'
import { canonicalDigest } from '../evidence/digest.js'
import { LEDGER_FILE, LEDGER_LINES_FILE, PLAN_FILE } from '../evidence/ledger-file.js'
import { configHash } from '../run/plan.js'
import { fileOf, type Bundle } from './bundle.js'
import type { Ledgers } from './check-ledger.js'
import type { Folder } from './folder.js'
import { bundlePlace, hasPlace, type BundleFile } from './places.js'

/** What the lanes share is the same in each: a scenario, what the lab made of it, and which lab that was; the plan was made of these scenarios. */
export function checkShared(folder: Folder, plan: Plan | null, bundles: readonly Bundle[]): void {
  const scenarios = bundles.flatMap((bundle) => (bundle.scenario ? [{ bundle, id: bundle.scenario.id, value: bundle.scenario }] : []))
  oddOnesOut(folder, 'scenario.json', scenarios)
  oddOnesOut(folder, 'lab.json', bundles.flatMap((bundle) => (bundle.lab?.deterministic === true ? [{ bundle, id: bundle.lab.scenario_id, value: bundle.lab }] : [])))
  oddOnesOut(folder, 'replay.json', bundles.flatMap((bundle) => (bundle.replay ? [{ bundle, id: '', value: bundle.replay.lab_version }] : [])))
  if (plan === null || folder.blamed('bundles/')) return
  const byId = new Map(scenarios.map(({ id, value }) => [id, value]))
  plan.cells.forEach(({ scenario_id, surface_family }, at) => {
    const scenario = byId.get(scenario_id)
    if (scenario && scenario.surface_family !== surface_family) folder.say('plan_differs', PLAN_FILE, `cells[${at}].surface_family`, scenario.surface_family, surface_family)
  })
  const planned = [...new Set(plan.cells.map(({ scenario_id }) => scenario_id))].map((id) => byId.get(id))
  // A plan of one cell may be what --cell left of more scenarios.
  if (plan.cells.length === 1 || planned.some((scenario) => scenario === undefined)) return
  const hash = configHash(planned.flatMap((scenario) => scenario ?? []), plan.seed, plan.artifact_sha256, plan.end_service_worker)
  if (hash !== plan.config_hash) folder.say('plan_differs', PLAN_FILE, 'config_hash', hash, plan.config_hash)
}

interface Shared { bundle: Bundle; id: string; value: unknown }

/** Of records that should be the same, those that fewer bundles have. */
function oddOnesOut(folder: Folder, name: BundleFile, shared: readonly Shared[]): void {
  const byId = new Map<string, Map<string, Bundle[]>>()
  for (const { bundle, id, value } of shared) {
    const versions = byId.get(id) ?? new Map<string, Bundle[]>()
    const digest = canonicalDigest(JSON.parse(JSON.stringify(value)))
    versions.set(digest, [...(versions.get(digest) ?? []), bundle])
    byId.set(id, versions)
  }
  for (const versions of byId.values()) {
    const [[usual] = ['', []], ...odd] = [...versions].sort(([, one], [, other]) => other.length - one.length)
    for (const [digest, bundles] of odd) for (const bundle of bundles) folder.say('copies_differ', fileOf(bundle, name), null, `as in other bundles, ${usual}`, digest)
  }
}

/** A verdict is kept in three places; the one that stands alone is named. */
export function checkCopies(folder: Folder, { ledger, standing, byBundle }: Ledgers, bundles: readonly Bundle[]): void {
  const kept = new Map(bundles.flatMap(({ place, verdict }) => (verdict ? [[place.path, verdict] as const] : [])))
  const inLedger = new Map(ledger?.verdicts.map((verdict, at) => [verdict.cell_id as string, { verdict, at }]))
  for (const [path, line] of byBundle) {
    const bundle = kept.get(path) ?? null
    if (bundle === null && !folder.blamed(`${path}/`)) folder.say('file_missing', `${path}/verdict.json`, null, `the bundle of a verdict in ${LEDGER_LINES_FILE}`, 'no such file')
    const told = standing.get(line.cell_id) === line ? inLedger.get(line.cell_id) : undefined
    name(folder, line, [
      { path: LEDGER_LINES_FILE, verdict: line, field: line.cell_id },
      ...(bundle === null ? [] : [{ path: `${path}/verdict.json`, verdict: bundle, field: '' }]),
      ...(told === undefined ? [] : [{ path: LEDGER_FILE, verdict: told.verdict, field: `verdicts[${told.at}]` }]),
    ])
  }
  for (const [path] of kept) if (!byBundle.has(path) && !folder.unfinished) folder.say('file_added', `${path}/verdict.json`, null, `the bundle of a verdict in ${LEDGER_LINES_FILE}`, 'one of none of them')
}

interface Copy { path: string; verdict: Verdict; field: string }

function name(folder: Folder, line: Verdict, copies: Copy[]): void {
  const texts = copies.map(({ verdict }) => canonicalDigest(verdict))
  const alone = copies.filter((_, at) => texts.filter((text) => text === texts[at]).length === 1)
  if (alone.length === 0 || copies.length === 1) return
  // Of two that differ, nobody knows which was changed: both are named.
  const named = copies.length === 3 && alone.length === 1 ? alone : copies
  for (const copy of named) {
    const other = copies.find(({ verdict }) => canonicalDigest(verdict) !== canonicalDigest(copy.verdict))
    folder.compare('copies_differ', copy.path, other?.verdict ?? line, copy.verdict, copy.field)
  }
}

/** Places of all bundles, by the files that lie there. */
export const placesOf = (folder: Folder): Array<NonNullable<ReturnType<typeof bundlePlace>>> =>
  [...new Set([...folder.paths].filter((path) => path.startsWith('bundles/') && hasPlace(path)).map((path) => path.slice(0, path.lastIndexOf('/'))))].flatMap((path) => bundlePlace(path) ?? [])
