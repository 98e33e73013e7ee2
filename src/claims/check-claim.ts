import picomatch from 'picomatch'
import type { EngineIdentity } from '../contract/host.js'
import type { Ledger } from '../contract/verdict.js'
import type { SurfaceFamily } from '../contract/vocabulary.js'
import { REALMS, type Realm } from '../../lanes/catalogue.js'
import { subjectOf, type Claim, type ClaimCode, type ClaimsBlock, type ClaimsConfig } from './claim.js'
import { cellsOf, phraseOf, supportOf } from './lane-evidence.js'

/** What claims are checked against. */
export interface ClaimGround {
  /** Audited ledgers; a claim is held to those of its subject. */
  ledgers: readonly Ledger[]
  config: ClaimsConfig
  /** Provenance of the check itself. */
  now: Date
  /** Whether a gate packet promotes a realm for a surface. */
  promoted(realm: Realm, surface: SurfaceFamily): boolean
}

/** A finding before it has its place in a document. */
export interface ClaimFault { code: ClaimCode; says: string; instead: string | null }

const DAY_MS = 86_400_000

/** What is wrong with a block as a whole: another subject, product, engine or artifact ran than it speaks of, or too long ago. */
export function checkBlock(block: ClaimsBlock, ground: ClaimGround): ClaimFault[] {
  const { name, version } = subjectOf(block)
  const named = ground.ledgers.filter(({ run }) => run.subject.name === name)
  if (named.length === 0) {
    const others = [...new Set(ground.ledgers.map(({ run }) => run.subject.name))].join(', ')
    return [{ code: 'without_evidence', says: `there is no evidence of ${name}; what there is speaks of ${others === '' ? 'nothing' : others}`, instead: null }]
  }
  return named.flatMap(({ run }): ClaimFault[] => [
    ...(version === undefined || version === run.subject.version ? [] : [{ code: 'other_subject' as const, says: `${name} ${run.subject.version} ran, not ${version}`, instead: `subject: '${name}@${run.subject.version}'` }]),
    ...artifactFaults(name, run.artifact_sha256, ground.config),
    ...run.engines.flatMap((identity) => engineFaults(identity, block, ground.config)),
    ...ageFaults(run.ended_at, ground.config.max_age_days, ground.now),
  ])
}

/** What is wrong with a claim of a block, lane by lane. */
export function checkClaim(claim: Claim, block: ClaimsBlock, ground: ClaimGround): ClaimFault[] {
  const { name } = subjectOf(block)
  const ledgers = ground.ledgers.filter(({ run }) => run.subject.name === name)
  const spans = claim.lanes.map((pattern) => ({ pattern, realms: REALMS.filter(({ engine, host_role }) => picomatch.isMatch(`${engine}.${host_role}`, pattern)) }))
  const realms = new Set(spans.flatMap(({ realms: spanned }) => spanned))
  return [
    ...spans.filter(({ realms: spanned }) => spanned.length === 0).map(({ pattern }): ClaimFault => (
      { code: 'names_no_lane', says: `${pattern} spans no lane; a lane is <engine>.<host_role>, its route follows from the support`, instead: null })),
    ...ledgers.flatMap(({ run }) => ageFaults(run.ended_at, claim.least_evidence.max_age_days, ground.now)),
    ...[...realms].flatMap((realm) => realmFaults(claim, realm, ledgers, ground)),
  ]
}

function realmFaults(claim: Claim, realm: Realm, ledgers: readonly Ledger[], ground: ClaimGround): ClaimFault[] {
  const lane = `${realm.engine}.${realm.host_role}`
  const cells = ledgers.flatMap((ledger) => cellsOf(ledger, realm, claim.surface, claim.scenarios))
  const what = `${claim.surface}${claim.scenarios === undefined ? '' : ` (${claim.scenarios})`} in ${lane}`
  const instead = `${what}: ${phraseOf(cells)}`
  const found = supportOf(cells)
  if (found === null) return [{ code: 'without_evidence', says: cells.length === 0 ? `nothing was kept of ${what}` : `${what} was not seen: ${cells[0]!.reason_code} says what this machine could not give`, instead: `leave ${lane} out, or run: npx lanecheck verify --engine ${realm.engine} --role ${realm.host_role}` }]
  const faults: ClaimFault[] = []
  if (cells.length < claim.least_evidence.cells) faults.push({ code: 'too_little_evidence', says: `${what} has ${cells.length} cells; the claim asks for ${claim.least_evidence.cells}`, instead })
  if (found !== claim.support) faults.push({ code: mismatch(claim, found, cells.some(({ verdict }) => verdict === 'bridge_only')), says: `${what} is claimed ${claim.support}; the evidence says ${phraseOf(cells)}`, instead })
  else if (claim.support === 'direct' && realm.host_role === 'shared_worker' && !ground.promoted(realm, claim.surface)) {
    faults.push({ code: 'without_promotion', says: `${what} holds parity, and shared-worker parity may be claimed only when its gate is met`, instead: 'npx lanecheck gate FOLDER --tests RECORD tells what is missing; then check with --tests RECORD' })
  }
  return faults
}

/** From most to least. */
const STRENGTH = ['direct', 'bridge_only', 'unsupported'] as const

function mismatch(claim: Claim, found: NonNullable<ReturnType<typeof supportOf>>, bridged: boolean): ClaimCode {
  if (claim.support === 'direct' && bridged) return 'bridge_only_as_direct'
  if (found === 'mixed') return 'stronger_than_evidence'
  return STRENGTH.indexOf(claim.support) < STRENGTH.indexOf(found) ? 'stronger_than_evidence' : 'weaker_than_evidence'
}

function artifactFaults(name: string, ran: string, { artifacts }: ClaimsConfig): ClaimFault[] {
  const wanted = artifacts?.[name]
  return wanted === undefined || wanted === ran ? [] : [{ code: 'other_subject', says: `artifact ${ran.slice(0, 12)}… of ${name} ran, not ${wanted.slice(0, 12)}…`, instead: null }]
}

function engineFaults({ engine, engine_product, engine_version }: EngineIdentity, { products }: ClaimsBlock, { engine_versions }: ClaimsConfig): ClaimFault[] {
  const product = products?.[engine]
  const least = engine_versions?.[engine]
  return [
    ...(product === undefined || product === engine_product ? [] : [{ code: 'other_product' as const, says: `${engine_product} ${engine_version} ran as ${engine}, not ${product}`, instead: `products: { ${engine}: ${engine_product} }` }]),
    ...(least === undefined || atLeast(engine_version, least) ? [] : [{ code: 'engine_too_old' as const, says: `${engine_product} ${engine_version} ran; the limit is ${least}`, instead: null }]),
  ]
}

function ageFaults(ended_at: string, max_age_days: number | undefined, now: Date): ClaimFault[] {
  if (max_age_days === undefined) return []
  const age = (now.getTime() - Date.parse(ended_at)) / DAY_MS
  // A date that cannot be read, or one to come, is no proof of being fresh.
  if (age >= -1 && age <= max_age_days) return []
  return [{ code: 'stale', says: `the run ended at ${ended_at}, the limit is ${max_age_days} days`, instead: 'run npx lanecheck verify again' }]
}

/** Whether a dotted version is at least another, number by number. */
function atLeast(version: string, least: string): boolean {
  const numbers = version.split(/[^\d]+/).map(Number)
  for (const [index, wanted] of least.split('.').map(Number).entries()) {
    const found = numbers[index] ?? 0
    if (found !== wanted) return found > wanted
  }
  return true
}
