import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { HostPacketSchema } from '../../src/contract/host.js'
import { MATRIX_ROWS, type MatrixRow } from '../../src/contract/matrix-rows.js'
import { rolesOf } from '../../src/contract/scenario.js'
import { HOST_ROLES, MATRIX_HOST_ROLES, type HostRole } from '../../src/contract/vocabulary.js'
import { readLedger } from '../../src/evidence/ledger-file.js'
import { shellWords } from '../../src/report/dual-run-script.js'
import { CATALOGUE } from '../../src/scenarios/catalogue.js'
import { expect, test, type Ended } from './support.js'
import { deskIn } from './typed.js'

const ProbedSchema = z.object({ packets: z.array(HostPacketSchema), missing: z.array(z.unknown()) })
/** Rows whose scenarios the catalogue has; the others cannot pass, and are asked for as soon as it has one. */
const ROWS = MATRIX_ROWS.filter(({ surface_family }) => CATALOGUE.some((scenario) => scenario.surface_family === surface_family))

for (const row of ROWS) {
  test(`T2, T3 ${row.surface_family}: each command of its dual_run_scripts, typed as it stands, runs and judges its cells`, async ({ kit }) => {
    test.setTimeout(5 * 60_000)
    const desk = deskIn(kit)
    const out = join(desk.folder, 'lanecheck-evidence')
    for (const command of row.dual_run_scripts) {
      const words = shellWords(command)
      const named = words[words.indexOf('--engine') + 1]
      // The smoke run is of one engine, and is typed in its project alone; what spans all engines is typed for this one.
      if (words.includes('--engine') && named !== kit.engine) continue
      const whole = words.includes('--engine') || words[2] === 'audit' ? command : `${command} --engine ${kit.engine}`
      if (words[2] === 'verify') rmSync(out, { recursive: true, force: true })
      const ended = await test.step(whole, () => desk.type(whole))
      expect(ended.code, `${whole}: ${ended.stderr.slice(-2000)}${ended.stdout.slice(-2000)}`).toBe(0)
      if (words[2] === 'verify') checkCells(row, out, words.includes('--role') ? ['window'] : HOST_ROLES)
      else checkOutput(words[2]!, ended)
    }
    expect(existsSync(out)).toBe(true)
  })
}

/** Every scenario of the row was judged in each role that it is for. */
function checkCells({ surface_family }: MatrixRow, out: string, roles: readonly HostRole[]): void {
  const family = CATALOGUE.filter((scenario) => scenario.surface_family === surface_family)
  const planned = roles.flatMap((role) => family.filter((scenario) => rolesOf(scenario).includes(role)).map(({ id }) => `${role}/${id}`))
  const { verdicts } = readLedger(out)
  expect(verdicts.map(({ host_role, scenario_id }) => `${host_role}/${scenario_id}`).sort()).toEqual(planned.sort())
  expect([...new Set(verdicts.map((verdict) => verdict.surface_family))]).toEqual([surface_family])
  expect(verdicts.filter(({ verdict }) => ['not_run', 'infrastructure_loss', 'invalid_experiment', 'irreproducible'].includes(verdict)).map(({ cell_id }) => cell_id)).toEqual([])
}

function checkOutput(name: string, { stdout }: Ended): void {
  if (name === 'audit') return expect(stdout).toContain('clean')
  expect(name, 'a command that this test knows').toBe('probe')
  const { packets, missing } = ProbedSchema.parse(JSON.parse(stdout))
  expect([packets.map(({ host_role }) => host_role).sort(), missing]).toEqual([[...MATRIX_HOST_ROLES].sort(), []])
}
