import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demandsOf, GatePacketSchema, type GatePacket } from '../../../src/contract/gate.js'
import { MATRIX_ROWS, rowFor } from '../../../src/contract/matrix-rows.js'
import type { Tested } from '../../../src/contract/tiers.js'
import { ENGINES, MATRIX_HOST_ROLES as HOST_ROLES, SURFACE_FAMILIES, TIERS, VERDICTS, type SurfaceFamily } from '../../../src/contract/vocabulary.js'
import { gateExit } from '../../../src/gate/exit-code.js'
import { gatePackets } from '../../../src/gate/packets.js'
import { bridged, CELLS, gateInput, hostAt, recordOf, TESTS, verdictAt, type Cell, type Change } from './support.js'

const packetAt = (packets: readonly GatePacket[], row: SurfaceFamily, lane_id: string): GatePacket => packets.find((packet) => packet.surface_family === row && packet.lane_id === lane_id)!
const packet = (row: SurfaceFamily, change: Change = {}, lane_id = 'firefox.window.direct'): GatePacket => packetAt(gatePackets(gateInput(change)), row, lane_id)
const whats = ({ missing }: GatePacket): string[] => [...new Set(missing.map(({ what }) => what))]
const cell = (row: SurfaceFamily): Cell => CELLS.find((one) => one.row === row && one.engine === 'firefox' && one.host_role === 'window')!
const withVerdict = (at: Cell, token: Parameters<typeof verdictAt>[1]): Change => ({ verdicts: CELLS.map((one) => verdictAt(one, one === at ? token : null)) })
const WHOLE = gatePackets(gateInput())

describe('T0 timer_surface, virtual_transport_surface, http_surface, browser_surface: gate packets', () => {
  test('with every floor met, each row × lane is eligible; over the bridge it may claim bridge_only and no more', () => {
    expect(WHOLE).toHaveLength(4 * 12)
    for (const { eligibility_verdict, missing, met, floor, support, claim, host_role } of WHOLE) {
      expect([eligibility_verdict, missing]).toEqual(['eligible', []])
      expect(met.map(({ what }) => what)).toEqual(demandsOf(floor))
      expect([support, claim]).toEqual(bridged(host_role) ? ['bridge_only', 'bridge_only'] : ['direct', 'direct'])
    }
    expect(gateExit(WHOLE)).toBe(0)
  })
  test.each(MATRIX_ROWS.flatMap(({ surface_family, promotion_floor }) => promotion_floor.tiers.map((tier) => [surface_family, tier] as const)))('%s without %s is not eligible, and says so', (row, tier) => {
    const asked = CELLS.filter((one) => one.row !== row || (tier === 'T3' ? one.engine !== 'webkit' : tier === 'T2' ? one.id !== `${row}.one` : true))
    const change = tier === 'T2' || tier === 'T3' ? { verdicts: asked.map((one) => verdictAt(one)) } : { records: [recordOf(TESTS.filter((one) => one.tier !== tier || one.surface_family !== row))] }
    const { eligibility_verdict, missing, claim } = packet(row, change)
    expect([eligibility_verdict, claim]).toEqual(['blocked_missing_verification', 'none'])
    // What the smoke run lacks, the pilot lacks too.
    expect([...new Set(missing.map(({ what }) => what))].filter((what) => tier !== 'T2' || what !== 'T3')).toEqual([tier])
  })
  test('no record of tests: T0, T1, T4 and T5 are missing, never assumed', () => {
    expect(whats(packet('timer_surface', { records: [] }))).toEqual(['T0', 'T1', 'T4'])
    expect(whats(packet('browser_surface', { records: [] }))).toEqual(['T4', 'T5', 'row virtual_transport_surface'])
  })
  test('a record of another build of the kit, or of selected tests, shows nothing', () => {
    for (const [more, why] of [[{ kit_sha256: 'f'.repeat(64) }, /another build/], [{ lanecheck_version: '9.9.9' }, /another build/], [{ selected: true }, /selected tests/]] as const) {
      const { missing, eligibility_verdict } = packet('timer_surface', { records: [recordOf(TESTS, more)] })
      expect(eligibility_verdict).toBe('blocked_missing_verification')
      expect(missing.map(({ why: said }) => said)).toEqual([0, 1, 2].map(() => expect.stringMatching(why)))
    }
  })
  test('a run of another build of the kit shows neither T2 nor T3', () => {
    for (const run_kit_sha256 of ['f'.repeat(64), undefined]) {
      const { missing, eligibility_verdict } = packetAt(gatePackets({ ...gateInput(), run_kit_sha256 }), 'timer_surface', 'firefox.window.direct')
      expect([missing.map(({ what, why }) => [what, why]), eligibility_verdict]).toEqual([['T2', 'T3'].map((tier) => [tier, 'another build of the kit made this run']), 'blocked_missing_verification'])
    }
  })
  test('a planted fault of another engine is none of this lane; nor is one that names no row', () => {
    const others = TESTS.filter(({ tier, engine }) => tier !== 'T4' || engine !== 'firefox')
    expect(packet('timer_surface', { records: [recordOf(others)] }).missing.map(({ why }) => why)).toEqual(['tests/negative/timer_surface.spec.ts has no passed T4 test in firefox', 'no passed T4 test names timer_surface and ran in firefox'])
    const unnamed = TESTS.map((one) => (one.tier === 'T4' ? { ...one, surface_family: null } : one))
    expect(packet('timer_surface', { records: [recordOf(unnamed)] }).missing.map(({ why }) => why)).toEqual(['no passed T4 test names timer_surface and ran in firefox'])
  })
  test('a row whose checks no file holds has not met that tier, whatever passed', () => {
    const input = gateInput()
    const duties = { ...input.duties, timer_surface: { ...input.duties.timer_surface, golden_fixtures: { 'a fixture': [] } } }
    expect(packetAt(gatePackets({ ...input, duties }), 'timer_surface', 'firefox.window.direct').missing).toMatchObject([{ what: 'T1', why: 'no file of this kit holds the row\'s a fixture' }])
  })
  test('a run made when the catalogue asked for other scenarios shows neither T2 nor T3', () => {
    const input = gateInput()
    const asked = { ...input.asked, timer_surface: { T2: ['timer_surface.one', 'timer_surface.new'], T3: ['timer_surface.one', 'timer_surface.two', 'timer_surface.new'], host_roles: {} } }
    expect(whats(packetAt(gatePackets({ ...input, asked }), 'timer_surface', 'firefox.window.direct'))).toEqual(['T2', 'T3'])
  })

  const BEST = new Set(['parity', 'bridge_only'])
  test.each(VERDICTS.filter((token) => !BEST.has(token) && token !== 'bridge_mismatch' && token !== 'unsupported'))('a cell that is %s blocks its row in its lane, and is named', (token) => {
    const at = cell('timer_surface')
    const { eligibility_verdict, missing } = packet('timer_surface', withVerdict(at, token))
    expect(eligibility_verdict).not.toBe('eligible')
    expect(missing.filter(({ what }) => what === 'cells').map(({ why }) => why)).toEqual([expect.stringContaining(`firefox.window/${at.id}: ${token}`)])
    expect(packet('timer_surface', withVerdict(at, token), 'firefox.dedicated_worker.direct').missing.filter(({ what }) => what === 'cells')).toEqual([])
  })
  test('what a cell\'s own experiment lacked is what its packet answers; of several the gravest', () => {
    const [one, two] = CELLS.filter(({ row, engine, host_role }) => row === 'timer_surface' && engine === 'firefox' && host_role === 'window')
    const answered = (answers: Map<Cell | undefined, GatePacket['eligibility_verdict']>): string => packet('timer_surface', {
      verdicts: CELLS.map((at) => (answers.has(at) ? { ...verdictAt(at, 'invalid_experiment'), eligibility_verdict: answers.get(at)! } : verdictAt(at))), records: [],
    }).eligibility_verdict
    for (const answer of ['blocked_scope_red_line', 'blocked_missing_virtualization', 'blocked_missing_observability', 'unsupported_time_surface', 'insufficient_observability'] as const) {
      expect(answered(new Map([[one, answer]]))).toBe(answer)
      expect(answered(new Map([[one, 'insufficient_observability'], [two, answer]]))).toBe(answer)
    }
  })
  test('the host gate: no packet, another role proven, another lane admitted, or a finding, and the browser row is blocked for want of it', () => {
    const hosts = ENGINES.flatMap((engine) => HOST_ROLES.map((role) => hostAt(engine, role)))
    const [first] = hosts.filter(({ engine, host_role }) => engine === 'firefox' && host_role === 'window')
    const faults = [null, { ...first!, findings: ['it says otherwise'] }, { ...first!, probe: null }, { ...first!, probe: { ...first!.probe!, proven_role: 'dedicated_worker' as const } }, { ...first!, lane_id: 'firefox.window.bridge' as const }]
    for (const fault of faults) {
      const change = { hosts: hosts.flatMap((host) => (host !== first ? [host] : fault === null ? [] : [fault])) }
      expect(packet('browser_surface', change)).toMatchObject({ eligibility_verdict: 'blocked_missing_observability', claim: 'none' })
      expect(whats(packet('browser_surface', change))).toEqual(['host_gate'])
      expect(packet('timer_surface', change).eligibility_verdict).toBe('eligible')
    }
  })
  test('a lane that only another row\'s changed page led to is none of a row that ran in the realm otherwise, or is not for the role', () => {
    const bridge = { ...verdictAt(cell('browser_surface'), 'bridge_only'), scenario_id: 'browser_surface.three' }
    const sandbox = { ...bridge, lane_id: 'firefox.sandboxed_iframe.bridge' as const, host_role: 'sandboxed_iframe' as const }
    const input = gateInput()
    const verdicts = [...input.ledger.verdicts, bridge, sandbox]
    const rows = (lane: string, ran = verdicts): string[] => gatePackets({ ...input, ledger: { ...input.ledger, verdicts: ran } }).filter(({ lane_id }) => lane_id === lane).map(({ surface_family }) => surface_family)
    expect(rows('firefox.window.bridge')).toEqual(['browser_surface'])
    expect(rows('firefox.sandboxed_iframe.bridge')).toEqual(['browser_surface'])
    expect(rows('firefox.window.bridge', verdicts.filter(({ surface_family }) => surface_family !== 'timer_surface'))).toEqual(['timer_surface', 'browser_surface'])
    expect(rows('firefox.window.direct')).toHaveLength(4)
  })
  test('a packet of a changed page that leads to another lane is none of this one; one that leads here is asked too', () => {
    const hosts = ENGINES.flatMap((engine) => HOST_ROLES.map((role) => hostAt(engine, role)))
    const elsewhere = { ...hostAt('firefox', 'window'), page: 'insecure' as const, lane_id: 'firefox.window.bridge' as const, findings: ['it says otherwise'] }
    expect(packet('browser_surface', { hosts: [elsewhere, ...hosts] }).eligibility_verdict).toBe('eligible')
    const here = { ...hostAt('firefox', 'window'), page: 'isolated' as const }
    expect(packet('browser_surface', { hosts: [...hosts, here] }).met.find(({ what }) => what === 'host_gate')!.evidence.map(({ path }) => path)).toEqual(['hosts/firefox.window.isolated.json', 'hosts/firefox.window.json'])
    expect(packet('browser_surface', { hosts: [...hosts, { ...here, findings: ['it says otherwise'] }] }).missing).toMatchObject([{ what: 'host_gate', why: 'hosts/firefox.window.isolated.json: it says otherwise' }])
  })
  test('an unsupported lane is never eligible', () => {
    const verdicts = CELLS.map((one) => verdictAt(one, one.host_role === 'service_worker' ? 'unsupported' : null))
    for (const row of SURFACE_FAMILIES) expect(packet(row, { verdicts }, 'webkit.service_worker.none')).toMatchObject({ support: 'unsupported', claim: 'none', eligibility_verdict: expect.not.stringMatching(/^eligible$/) })
    expect(packet('timer_surface', { verdicts }).eligibility_verdict).toBe('eligible')
  })
  test('exit codes: a mismatch is 1, a loss 3, what is only not shown 2', () => {
    const at = cell('timer_surface')
    const exit = (change: Change): number => gateExit(gatePackets(gateInput(change)))
    expect([exit(withVerdict(at, 'semantic_mismatch')), exit(withVerdict(at, 'infrastructure_loss')), exit(withVerdict(at, 'not_run')), exit(withVerdict(at, 'irreproducible')), exit({ records: [] })]).toEqual([1, 3, 3, 2, 2])
  })
  test('packets that contradict themselves do not parse', () => {
    const [direct] = WHOLE
    const blocked = packet('http_surface', { records: [] })
    const forged: Array<Partial<GatePacket>> = [{ support: 'bridge_only' }, { claim: 'bridge_only' }, { claim: 'none' }, { eligibility_verdict: 'blocked_missing_verification' }, { met: direct!.met.slice(1) }, { lane_id: 'firefox.window.bridge' }]
    expect(forged.filter((change) => GatePacketSchema.safeParse({ ...direct, ...change }).success)).toEqual([])
    for (const change of [{ eligibility_verdict: 'eligible' }, { missing: [] }, { missing: [], eligibility_verdict: 'eligible', claim: 'direct' }]) expect(GatePacketSchema.safeParse({ ...blocked, ...change }).success).toBe(false)
  })
})

describe('T0 http_surface, browser_surface: promotion floors, over generated runs', () => {
  const tests = fc.subarray(TESTS, { minLength: 0 })
  const tokens = fc.dictionary(fc.nat(CELLS.length - 1).map(String), fc.constantFrom('semantic_mismatch' as const, 'irreproducible' as const, 'infrastructure_loss' as const, 'invalid_experiment' as const), { maxKeys: 6 })
  const hosts = fc.subarray(ENGINES.flatMap((engine) => HOST_ROLES.map((role) => hostAt(engine, role))))
  const dropped = fc.uniqueArray(fc.nat(CELLS.length - 1), { maxLength: 4 })
  const changes: fc.Arbitrary<Change> = fc.record({ tests: fc.oneof(fc.constant(TESTS), tests), tokens, hosts: fc.oneof(fc.constant(undefined), hosts), dropped }).map(({ tests: shown, tokens: odd, hosts: some, dropped: gone }) => ({
    records: [recordOf(shown)], ...(some === undefined ? {} : { hosts: some }),
    verdicts: CELLS.flatMap((one, index) => (gone.includes(index) ? [] : [verdictAt(one, bridged(one.host_role) ? null : odd[String(index)] ?? null)])),
  }))
  const runs = { numRuns: 40 }
  const eligible = (packets: readonly GatePacket[]): GatePacket[] => packets.filter(({ eligibility_verdict }) => eligibility_verdict === 'eligible')

  test('no HTTP packet is eligible where the transport row is not; no browser packet without the transport row and the host gate', () => {
    fc.assert(fc.property(changes, (change) => {
      const input = gateInput(change)
      const packets = gatePackets(input)
      for (const { surface_family, lane_id, host_role } of eligible(packets)) {
        if (surface_family === 'http_surface' || surface_family === 'browser_surface') expect(packetAt(packets, 'virtual_transport_surface', lane_id).eligibility_verdict).toBe('eligible')
        if (surface_family === 'browser_surface') expect(input.hosts.some((host) => host.lane_id === lane_id && host.host_role === host_role && host.probe?.proven_role === host_role && host.findings.length === 0)).toBe(true)
      }
    }), runs)
  })
  test('an eligible packet has its whole floor met and only best verdicts; what is not eligible claims nothing', () => {
    fc.assert(fc.property(changes, (change) => {
      for (const { cells, floor, met, missing, support, claim, eligibility_verdict } of gatePackets(gateInput(change))) {
        if (eligibility_verdict !== 'eligible') expect(claim).toBe('none')
        else {
          expect([met.map(({ what }) => what), missing]).toEqual([demandsOf(floor), []])
          expect(Object.entries(cells).filter(([token, count]) => count > 0 && token !== (support === 'direct' ? 'parity' : 'bridge_only'))).toEqual([])
        }
      }
    }), runs)
  })
  test('a bridge lane is never support direct, and never claims it', () => {
    fc.assert(fc.property(changes, (change) => {
      for (const { lane_id, support, claim } of gatePackets(gateInput(change))) if (lane_id.endsWith('.bridge')) expect([support, claim]).not.toContain('direct')
    }), runs)
  })
  test('taking any tier out of the records makes a row that asks for it not eligible', () => {
    fc.assert(fc.property(fc.constantFrom(...TIERS.filter((tier) => tier !== 'T2' && tier !== 'T3')), fc.constantFrom(...SURFACE_FAMILIES), (tier, row) => {
      const packets = gatePackets(gateInput({ records: [recordOf(TESTS.filter((one) => one.tier !== tier || one.surface_family !== row))] }))
      for (const one of packets.filter(({ surface_family }) => surface_family === row)) expect(one.eligibility_verdict === 'eligible').toBe(!rowFor(row).promotion_floor.tiers.includes(tier))
    }), runs)
  })
  test('tests that failed, added to any records, make nothing eligible that was not; one of a row and tier, or of none, undoes them', () => {
    const failed: fc.Arbitrary<Tested> = fc.record({
      tier: fc.constantFrom(null, ...TIERS), surface_family: fc.constantFrom(null, ...SURFACE_FAMILIES), engine: fc.constantFrom(null, ...ENGINES), file: fc.constantFrom('tests/x.test.ts', ...TESTS.map(({ file }) => file)),
      passed: fc.nat(3), failed: fc.integer({ min: 1, max: 3 }), skipped: fc.nat(1),
    })
    const names = (packets: readonly GatePacket[]): string[] => eligible(packets).map(({ surface_family, lane_id }) => `${surface_family} ${lane_id}`)
    fc.assert(fc.property(changes, failed, fc.boolean(), (change, one, selected) => {
      const before = new Set(names(gatePackets(gateInput(change))))
      const after = gatePackets(gateInput({ ...change, records: [...change.records!, recordOf([{ ...one, passed: 0 }], { selected })] }))
      expect(names(after).filter((name) => !before.has(name))).toEqual([])
      for (const { surface_family, lane_id, floor } of eligible(after)) {
        const its = (one.tier === null ? ['T0', 'T1', 'T4', 'T5'] : [one.tier]).some((tier) => tier !== 'T2' && tier !== 'T3' && (floor.tiers as string[]).includes(tier))
        expect(its && (one.surface_family ?? surface_family) === surface_family && (one.engine === null || lane_id.startsWith(`${one.engine}.`))).toBe(false)
      }
    }), runs)
  })
})
