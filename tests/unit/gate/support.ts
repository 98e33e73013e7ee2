import type { HostPacket } from '../../../src/contract/host.js'
import { MATRIX_ROWS } from '../../../src/contract/matrix-rows.js'
import type { TierRecord, Tested } from '../../../src/contract/tiers.js'
import { LedgerSchema, VerdictSchema, type Verdict } from '../../../src/contract/verdict.js'
import { ENGINES, MATRIX_HOST_ROLES as HOST_ROLES, SURFACE_FAMILIES, type Engine, type HostRole, type SurfaceFamily, type VerdictToken } from '../../../src/contract/vocabulary.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import type { GateInput, NamedRecord, RowDuties } from '../../../src/gate/input.js'
import { runTiers } from '../../../src/judge/run-tiers.js'
import { sumVerdicts } from '../../../src/judge/sums.js'
import { tokenIn } from '../judge/verdicts.js'
import { IDENTITY, probeOf } from '../run/support.js'

export const KIT = { lanecheck_version: '0.1.0', kit_sha256: 'a'.repeat(64) }
/** Rows and their scenarios in a catalogue made up for the gate: the first is of the smoke run. */
const ids = (row: SurfaceFamily): string[] => ['one', 'two'].map((name) => `${row}.${name}`)
export const ASKED: GateInput['asked'] = Object.fromEntries(SURFACE_FAMILIES.map((row) => [row, { T2: ids(row).slice(0, 1), T3: ids(row), host_roles: Object.fromEntries(ids(row).map((id) => [id, [...HOST_ROLES]])) }]))

/** Shared workers take the bridge, all other realms run directly. */
export const bridged = (role: HostRole): boolean => role === 'shared_worker'

export interface Cell { engine: Engine; host_role: HostRole; row: SurfaceFamily; id: string }
export const CELLS: Cell[] = ENGINES.flatMap((engine) => HOST_ROLES.flatMap((host_role) => SURFACE_FAMILIES.flatMap((row) => ids(row).map((id) => ({ engine, host_role, row, id })))))

/** The verdict of a cell: the best that its lane can have, or this one. */
export function verdictAt({ engine, host_role, row, id }: Cell, token: VerdictToken | null = null): Verdict {
  const best = bridged(host_role) ? 'bridge_only' : 'parity'
  const made = tokenIn(token ?? best, engine, host_role, id)
  const { phase, runtime_profile, virtualization_boundary } = MATRIX_ROWS.find(({ surface_family }) => surface_family === row)!
  const bundle = `bundles/${made.lane_id}/${id}`
  const paths = { artifact_bundle: bundle, capture_manifest_path: `${bundle}/capture-manifest.json`, normalized_record_path: `${bundle}/live.json` }
  return VerdictSchema.parse({ ...made, surface_family: row, phase, runtime_profile, virtualization_boundary, ...paths, repro_command: `npx lanecheck verify --subject native --cell ${made.cell_id} --seed 1 --out "$(mktemp -d)"` })
}

export const hostAt = (engine: Engine, host_role: HostRole): HostPacket => {
  const [support_class, reason_code, route] = bridged(host_role) ? ['bridge_only', 'downgrade_to_server_bridge', 'bridge'] as const : ['direct', 'admitted_direct', 'direct'] as const
  return {
    schema: 'lanecheck.host-packet.v1', ...IDENTITY, engine, host_role, page: 'plain', needs: [], lane_id: `${engine}.${host_role}.${route}`, support_class, reason_code,
    admission: { support_class, reason_code, route, cause: route === 'bridge' ? { cause: 'subject_declines_host_role' } : null, bridge_handshake: route === 'bridge' },
    probe: probeOf(host_role), subject: SUBJECT, findings: [],
  }
}
const SUBJECT = { name: 'native', version: '1.0.0', requires: [], host_roles: ['window' as const], bridge: true, classification: null }

export const DUTIES = Object.fromEntries(SURFACE_FAMILIES.map((row): [SurfaceFamily, RowDuties] => [row, {
  unit_checks: { 'a check': [`tests/unit/${row}.test.ts`] },
  golden_fixtures: { 'a fixture': [`tests/golden/${row}.json`] },
  negative_controls: [`tests/negative/${row}.spec.ts`],
  stress: [`tests/stress/${row}.spec.ts`],
}])) as Record<SurfaceFamily, RowDuties>

/** Every tier of every row, shown. */
export const TESTS: Tested[] = SURFACE_FAMILIES.flatMap((row): Tested[] => {
  const shown = { surface_family: row, engine: null, passed: 1, failed: 0, skipped: 0 }
  return [
    { ...shown, tier: 'T0', file: `tests/unit/${row}.test.ts` },
    { ...shown, tier: 'T1', file: 'tests/golden/fixtures.test.ts' },
    ...ENGINES.flatMap((engine): Tested[] => [{ ...shown, engine, tier: 'T4', file: `tests/negative/${row}.spec.ts` }, { ...shown, engine, tier: 'T5', file: `tests/stress/${row}.spec.ts` }]),
  ]
})

export function recordOf(tests: Tested[], more: Partial<TierRecord> = {}): NamedRecord {
  const files = [...tests.map(({ file }) => file), ...SURFACE_FAMILIES.map((row) => `tests/golden/${row}.json`)]
  const record: TierRecord = { schema: 'lanecheck.tier-record.v1', ...KIT, selected: false, tests, files: Object.fromEntries(files.map((file) => [file, canonicalDigest(file)])), ...more }
  return { path: 'tier-record.json', sha256: canonicalDigest(record), record }
}

export interface Change { verdicts?: Verdict[]; hosts?: HostPacket[]; records?: NamedRecord[] }

/** Everything that a gate can be given: all floors met, but for what is changed. */
export function gateInput({ verdicts = CELLS.map((cell) => verdictAt(cell)), hosts = ENGINES.flatMap((engine) => HOST_ROLES.map((role) => hostAt(engine, role))), records = [recordOf(TESTS)] }: Change = {}): GateInput {
  const run = {
    run_id: 'run', lanecheck_version: KIT.lanecheck_version, seed: 1, subject: SUBJECT, artifact_sha256: 'b'.repeat(64), artifact_path: `artifacts/${'b'.repeat(64)}.js`, config_hash: 'c'.repeat(64),
    engines: ENGINES.map((engine) => ({ ...IDENTITY, engine })), started_at: 'then', ended_at: 'now', node_version: 'v20', interrupted: false,
  }
  return {
    ledger: LedgerSchema.parse({ schema: 'lanecheck.ledger.v1', run, verdicts, sums: sumVerdicts(verdicts) }),
    tiers: runTiers('run', ASKED, verdicts, canonicalDigest), hosts, records, kit: KIT, run_kit_sha256: KIT.kit_sha256, asked: ASKED, duties: DUTIES, stampOf: (path) => canonicalDigest(path), digest: canonicalDigest,
  }
}
