import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GatePacketSchema, GateReportSchema, type GateReport } from '../../../src/contract/gate.js'
import { nativeArtifact, writeEvidence } from '../audit/evidence.js'
import { recordOf, TESTS } from '../gate/support.js'
import { lanecheck, type Ended } from './run.js'

let home = ''
const evidence = (name = 'run'): string => join(home, name)
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-gate-'))
  await writeEvidence(evidence(), await nativeArtifact())
  writeFileSync(join(home, 'record.json'), JSON.stringify(recordOf(TESTS).record))
}, 60_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

const gate = (...args: string[]): Promise<Ended> => lanecheck(home, ['gate', ...args])
const reportOf = ({ stdout }: Ended): GateReport => GateReportSchema.parse(JSON.parse(stdout))

describe('T0 http_surface, browser_surface: lanecheck gate', () => {
  test('--json: a packet for each row and lane of the run; a lost cell is 3', async () => {
    const ended = await gate('run', '--json')
    const { packets, exit_code } = reportOf(ended)
    expect([ended.code, exit_code, packets.length]).toEqual([3, 3, 4 * 4])
    expect(packets.map(({ eligibility_verdict }) => eligibility_verdict)).not.toContain('eligible')
    expect(packets.find(({ lane_id, surface_family }) => lane_id === 'firefox.window.direct' && surface_family === 'timer_surface')!.missing).toContainEqual(expect.objectContaining({ what: 'cells', why: expect.stringMatching(/^firefox\.window\/timer\.order\.distinct: irreproducible/) }))
  })
  test('for a person: a line each; a few are told in full, with what to type', async () => {
    const all = await gate('run')
    expect(all.stdout.split('\n').filter((line) => line.includes('blocked_') || line.includes('insufficient_'))).toHaveLength(16)
    const { stdout, code } = await gate('run', '--row', 'timer_surface', '--lane', 'chromium.window.*')
    expect(code).toBe(2)
    for (const words of ['timer_surface in chromium.window.direct (direct): blocked_missing_verification', 'T0: no record of this kit\'s tests was named', 'npm test', 'npx lanecheck verify --engine chromium --role window --scenario \'timer.*\' --subject native', '0 of 1 eligible']) expect(stdout).toContain(words)
  })
  test('a record of another build of the kit is named, and shows nothing', async () => {
    const [packet] = reportOf(await gate('run', '--json', '--row', 'timer_surface', '--lane', 'chromium.window.direct', '--tests', 'record.json')).packets
    expect(packet!.missing).toContainEqual(expect.objectContaining({ what: 'T0', why: expect.stringContaining('record.json is of another build') }))
  })
  test('--out keeps each packet, but not inside the evidence', async () => {
    expect((await gate('run', '--row', 'http_surface', '--out', 'packets')).code).toBe(2)
    expect(readdirSync(join(home, 'packets')).sort()).toEqual(['chromium.shared_worker.bridge', 'chromium.window.direct', 'firefox.shared_worker.none', 'firefox.window.direct'].map((lane) => `http_surface.${lane}.json`))
    for (const name of readdirSync(join(home, 'packets'))) expect(GatePacketSchema.safeParse(JSON.parse(readFileSync(join(home, 'packets', name), 'utf8'))).success).toBe(true)
    for (const out of ['run', 'run/packets', './run/../run/x']) expect(await gate('run', '--out', out)).toMatchObject({ code: 64, stdout: '' })
    // Node's own recursive `mkdir` never ends there.
    expect(await gate('run', '--out', '/proc/lanecheck/packets')).toMatchObject({ code: 64, stderr: expect.stringContaining('error output_not_writable: cannot write /proc/lanecheck/packets') as unknown })
    expect((await lanecheck(home, ['audit', 'run'])).code).toBe(0)
  })
  test('a folder that does not audit clean gets no packets', async () => {
    cpSync(evidence(), evidence('changed'), { recursive: true })
    appendFileSync(join(evidence('changed'), 'plan.json'), ' ')
    const changed = await gate('changed', '--json')
    expect([changed.code, changed.stdout]).toEqual([1, ''])
    for (const words of ['digest_differs', 'plan.json', 'no packets', 'run again']) expect(changed.stderr).toContain(words)
    cpSync(evidence(), evidence('cut'), { recursive: true })
    for (const name of ['evidence.json', 'ledger.json', 'tiers.json']) rmSync(join(evidence('cut'), name))
    const cut = await gate('cut')
    expect([cut.code, cut.stdout]).toEqual([3, ''])
    expect(cut.stderr).toContain('--resume')
  })
  test.each([
    [['nowhere'], /not an evidence folder/], [['run', '--row', 'gpu_surface'], /there is no row "gpu_surface"/], [['run', '--lane', 'opera.*'], /no lane of this run matches 'opera\.\*'/],
    [['run', '--tests', 'nowhere.json'], /there is no such file/], [['run', '--tests', 'run/plan.json'], /evidence_invalid/], [[], /missing required argument/],
  ])('%j is wrong use, in words', async (args, words) => {
    const { code, stdout, stderr } = await gate(...args)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
