import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBlock, checkClaim, type ClaimGround } from '../../../src/claims/check-claim.js'
import type { Claim, ClaimsBlock } from '../../../src/claims/claim.js'
import type { Verdict } from '../../../src/contract/verdict.js'
import { VERDICTS, type HostRole, type SupportClass, type VerdictToken } from '../../../src/contract/vocabulary.js'
import { tokenIn } from '../judge/verdicts.js'
import { ledgerOf } from '../report/support.js'

const cells = (tokens: readonly VerdictToken[], role: HostRole = 'window'): Verdict[] => tokens.map((token, index) => tokenIn(token, 'firefox', role, `timer.a.s${index}`))
const ground = (verdicts: Verdict[], change: Partial<ClaimGround> = {}): ClaimGround => ({ ledgers: [ledgerOf(verdicts)], config: {}, now: new Date('2026-01-11T00:01:00.000Z'), promoted: () => false, ...change })
const SUBJECT = ledgerOf([]).run.subject
const claimOf = (change: Partial<Claim> = {}): Claim => ({ surface: 'timer_surface', lanes: ['firefox.window'], support: 'direct', least_evidence: { cells: 1 }, ...change })
const blockOf = (change: Partial<ClaimsBlock> = {}): ClaimsBlock => ({ subject: SUBJECT.name, claims: [claimOf()], ...change })
const codes = (verdicts: Verdict[], change: Partial<Claim> = {}, on: Partial<ClaimGround> = {}): string[] => checkClaim(claimOf(change), blockOf(), ground(verdicts, on)).map(({ code }) => code)
const NEEDED: Record<SupportClass, VerdictToken> = { direct: 'parity', bridge_only: 'bridge_only', unsupported: 'unsupported' }

describe('T0 browser_surface: a claim is held to each lane it spans', () => {
  it('direct may be claimed on parity of every cell, and on nothing else', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...VERDICTS), { minLength: 1, maxLength: 8 }), (tokens) => {
      expect(codes(cells(tokens)).length === 0).toBe(tokens.every((token) => token === 'parity'))
    }))
  })

  it.each(['direct', 'bridge_only', 'unsupported'] as const)('%s holds on its own verdict alone; any other cell is a finding', (support) => {
    for (const token of VERDICTS) expect(codes(cells([NEEDED[support], token]), { support }).length === 0, token).toBe(token === NEEDED[support])
  })

  it('bridge_only claimed as direct is named as that, with the sentence to write instead', () => {
    const [fault] = checkClaim(claimOf(), blockOf(), ground(cells(['bridge_only', 'parity'])))
    expect(fault).toMatchObject({ code: 'bridge_only_as_direct', instead: 'timer_surface in firefox.window: 1 of 2 direct, 1 bridge_only' })
  })

  it('a claim below the evidence is weaker, one above it stronger', () => {
    expect(codes(cells(['parity']), { support: 'bridge_only' })).toEqual(['weaker_than_evidence'])
    expect(codes(cells(['unsupported']), { support: 'bridge_only' })).toEqual(['stronger_than_evidence'])
    expect(codes(cells(['not_run']), { support: 'unsupported' })).toEqual(['stronger_than_evidence'])
  })

  it.each(['realm_unavailable', 'bridge_unreachable'] as const)('%s says what the machine could not give: no evidence, and beside other cells no support of any kind', (reason_code) => {
    const unseen = cells(['unsupported', 'unsupported']).map((cell): Verdict => ({ ...cell, reason_code, cause: null }))
    for (const support of ['direct', 'bridge_only', 'unsupported'] as const) {
      expect(codes(unseen, { support }), support).toEqual(['without_evidence'])
      expect(codes([...cells([NEEDED[support]]), ...unseen], { support }), support).toEqual(['stronger_than_evidence'])
    }
    const [fault] = checkClaim(claimOf({ support: 'unsupported' }), blockOf(), ground([...cells(['unsupported', 'parity']), ...unseen]))
    expect(fault?.instead).toBe('timer_surface in firefox.window: 1 of 4 direct, 1 unsupported, 2 not_seen')
  })

  it('a pattern needs evidence in every lane it spans, and must span one', () => {
    expect(codes(cells(['parity']), { lanes: ['firefox.{window,dedicated_worker}'] })).toEqual(['without_evidence'])
    expect(codes(cells(['parity']), { lanes: ['*.window'] })).toEqual(['without_evidence', 'without_evidence'])
    expect(codes(cells(['parity']), { lanes: ['firefox.window', 'firefox.tab'] })).toEqual(['names_no_lane'])
  })

  it('evidence of another surface, scenario or subject does not count', () => {
    expect(codes(cells(['parity']), { surface: 'http_surface' })).toEqual(['without_evidence'])
    expect(codes(cells(['parity', 'semantic_mismatch']), { scenarios: 'timer.a.s0' })).toEqual([])
    expect(checkBlock(blockOf({ subject: 'someone-else' }), ground(cells(['parity']))).map(({ code }) => code)).toEqual(['without_evidence'])
  })

  it('fewer cells than the claim asks for are too little', () => {
    expect(codes(cells(['parity', 'parity']), { least_evidence: { cells: 3 } })).toEqual(['too_little_evidence'])
    expect(codes(cells(['parity', 'parity']), { least_evidence: { cells: 2 } })).toEqual([])
  })

  it('shared-worker parity wants promotion', () => {
    const shared = cells(['parity'], 'shared_worker')
    expect(codes(shared, { lanes: ['firefox.shared_worker'] })).toEqual(['without_promotion'])
    expect(codes(shared, { lanes: ['firefox.shared_worker'] }, { promoted: () => true })).toEqual([])
  })
})

describe('T0 browser_surface: stale evidence, other products, other subjects', () => {
  const found = (block: Partial<ClaimsBlock>, on: Partial<ClaimGround> = {}): string[] => checkBlock(blockOf(block), ground(cells(['parity']), on)).map(({ code }) => code)
  const [engine] = ledgerOf([]).run.engines

  it('age, by the config and by the claim; a date to come is not fresh', () => {
    expect(found({}, { config: { max_age_days: 9 } })).toEqual(['stale'])
    expect(found({}, { config: { max_age_days: 10 } })).toEqual([])
    expect(found({}, { config: { max_age_days: 10 }, now: new Date('2025-12-01T00:00:00Z') })).toEqual(['stale'])
    expect(codes(cells(['parity']), { least_evidence: { cells: 1, max_age_days: 9 } })).toEqual(['stale'])
  })

  it('the product that ran, its version, the subject\'s version and artifact', () => {
    expect(found({ products: { [engine!.engine]: 'playwright-webkit' } })).toEqual(['other_product'])
    expect(found({ products: { [engine!.engine]: engine!.engine_product } })).toEqual([])
    expect(found({}, { config: { engine_versions: { [engine!.engine]: '9999' } } })).toEqual(['engine_too_old'])
    expect(found({}, { config: { engine_versions: { [engine!.engine]: engine!.engine_version.replace(/[^\d.].*$/, '') } } })).toEqual([])
    expect(found({ subject: `${SUBJECT.name}@99.0.0` })).toEqual(['other_subject'])
    expect(found({ subject: `${SUBJECT.name}@${SUBJECT.version}` })).toEqual([])
    expect(found({}, { config: { artifacts: { [SUBJECT.name]: 'f'.repeat(64) } } })).toEqual(['other_subject'])
  })

  it.each(['@scope/pkg', 'pkg', '@pkg'])('a subject called %s, with its version or without', (name) => {
    const ledger = ledgerOf(cells(['parity']))
    const on = { ledgers: [{ ...ledger, run: { ...ledger.run, subject: { ...SUBJECT, name, version: '1.0.0' } } }] }
    for (const subject of [name, `${name}@1.0.0`]) {
      expect(checkBlock(blockOf({ subject }), ground([], on)), subject).toEqual([])
      expect(checkClaim(claimOf(), blockOf({ subject }), ground([], on)), subject).toEqual([])
    }
    expect(checkBlock(blockOf({ subject: `${name}@2.0.0` }), ground([], on))).toMatchObject([{ code: 'other_subject', instead: `subject: '${name}@1.0.0'` }])
    expect(checkBlock(blockOf({ subject: '@scope/other@1.0.0' }), ground([], on))).toMatchObject([{ code: 'without_evidence', says: expect.stringContaining('no evidence of @scope/other;') as string }])
  })

  it('versions are compared number by number, not as text', () => {
    const at = (version: string, least: string): string[] => {
      const ledger = ledgerOf(cells(['parity']))
      const engines = [{ ...engine!, engine_version: version }]
      return checkBlock(blockOf(), { ...ground([]), ledgers: [{ ...ledger, run: { ...ledger.run, engines } }], config: { engine_versions: { [engine!.engine]: least } } }).map(({ code }) => code)
    }
    expect(at('153.7.0', '99')).toEqual([])
    expect(at('2.50.6', '2.9')).toEqual([])
    expect(at('2.50.6', '2.50.7')).toEqual(['engine_too_old'])
    expect(at('153', '153.0.1')).toEqual(['engine_too_old'])
  })
})
