import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LabRun, LiveRunMetadata, ReplayMetadata } from '../../../src/contract/evidence.js'
import { isLanecheckError } from '../../../src/contract/errors.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import { packageRoot } from '../../../src/package-root.js'
import { replay } from '../../../src/run/replay.js'
import { replayText } from '../../../src/cli/replay-command.js'
import type { ReplayReport } from '../../../src/run/replay-report.js'
import { filesIn, labsHere, nativeArtifact, putRecords, recordsIn, redigest, writeEvidence } from './evidence.js'

const BUNDLE = 'bundles/chromium.window.direct/timer.order.distinct'
let [home, kept, dir] = ['', '', '']

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-replay-'))
  ;[kept, dir] = [join(home, 'kept'), join(home, 'changed')]
  await writeEvidence(kept, await nativeArtifact())
}, 60_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

const replayed = (folder: string, bundle = BUNDLE, live = false): Promise<ReplayReport> =>
  replay({ bundle: join(folder, bundle), live, signal: new AbortController().signal, progress: { total: () => undefined, cell: () => undefined, say: () => undefined, end: () => undefined }, startLabs: labsHere })

async function changed(change: () => void, digests = true): Promise<ReplayReport> {
  rmSync(dir, { recursive: true, force: true })
  cpSync(kept, dir, { recursive: true })
  change()
  if (digests) await redigest(dir)
  return replayed(dir)
}
const edit = <Record>(name: string, change: (record: Record) => void): void => {
  const all = recordsIn(dir, `${BUNDLE}/${name}`)
  change(all[0] as Record)
  putRecords(dir, `${BUNDLE}/${name}`, all)
}
const whats = ({ lab }: ReplayReport): string[] => lab.because.map(({ what }) => what)
async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'none'
  } catch (error) {
    return isLanecheckError(error) ? error.code : 'unknown'
  }
}

describe('T0 timer_surface virtual_transport_surface: a kept cell is run again from its bundle alone', () => {
  test('both runs in the lab come to the same, in every lane that kept a lab run', async () => {
    const bundles = filesIn(kept).filter((path) => path.endsWith('/replay.json')).map((path) => path.slice(0, -'/replay.json'.length))
    expect(bundles.length).toBe(7)
    for (const bundle of bundles) expect(await replayed(kept, bundle)).toMatchObject({ lab: { answer: 'same', because: [] }, live: null, exit_code: 0 })
  })
  test('what was kept of the lab was changed: it differs, and says in what', async () => {
    const flipped = (text: string): string => text.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    const hashes = await changed(() => edit<ReplayMetadata>('replay.json', (record) => { record.schedule_hash = flipped(record.schedule_hash) }))
    expect([whats(hashes), hashes.exit_code]).toEqual([['runs[0].schedule_hash', 'runs[1].schedule_hash'], 1])
    const meaning = await changed(() => edit<ReplayMetadata>('replay.json', (record) => { record.semantic_digest = flipped(record.semantic_digest) }))
    expect([whats(meaning), meaning.exit_code]).toEqual([['semantic_digest'], 1])
    const record = await changed(() => edit<LabRun>('lab.json', (run) => { run.record.full_digest = flipped(run.record.full_digest) }))
    expect([whats(record), record.exit_code]).toEqual([['full_digest'], 1])
  })
  test('another scenario under the same name is another run', async () => {
    const report = await changed(() => edit<Scenario>('scenario.json', (scenario) => { scenario.tick_ms += 1 }))
    expect(report.exit_code).toBe(1)
    expect(whats(report)).toContain('runs[0].schedule_hash')
    expect(replayText(report, { green: String, red: String, yellow: String, dim: String, bold: String })).toContain('lab   differs from what was kept\n      runs[0].schedule_hash: kept ')
  })
  test('another artifact, no artifact, another lab: it says so and compares nothing', async () => {
    const artifact = filesIn(kept).find((path) => path.startsWith('artifacts/'))!
    const other = await changed(() => writeFileSync(join(dir, artifact), 'another artifact'))
    const none = await changed(() => rmSync(join(dir, artifact)))
    const lab = await changed(() => edit<ReplayMetadata>('replay.json', (record) => { record.lab_version = '0.0.0+another' }))
    for (const [report, what] of [[other, 'artifact'], [none, 'artifact'], [lab, 'lab_version']] as const) {
      expect([report.lab.answer, whats(report), report.exit_code]).toEqual(['not_compared', [what], 2])
    }
  })
})

describe('T4 evidence: what is no sound bundle is not replayed', () => {
  test('changed bytes, a cell that kept no lab run, a folder that is no bundle, a path that leaves the folder', async () => {
    expect(await codeOf(changed(() => edit<Scenario>('scenario.json', (scenario) => { scenario.title = 'another' }), false))).toBe('evidence_invalid')
    expect(await codeOf(replayed(kept, 'bundles/firefox.shared_worker.none/timer.order.distinct'))).toBe('evidence_invalid')
    expect(await codeOf(replayed(kept, 'bundles'))).toBe('evidence_invalid')
    expect(await codeOf(changed(() => edit<ReplayMetadata>('replay.json', (record) => { record.artifact_path = '../../secret.js' })))).toBe('evidence_invalid')
  })
})

describe('T4 browser_surface: a bundle starts no program', () => {
  test('an artifact that names a server, in a bundle that tells of none: nothing is started, live or not', async () => {
    const [marker, module, folder] = [join(home, 'started'), join(home, 'subject.ts'), join(home, 'names-a-server')]
    const command = ['node', '-e', `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`]
    writeFileSync(module, `import native from ${JSON.stringify(join(packageRoot(), 'subjects/native/subject.ts'))}
      export default { ...native, downgrade: { server: ${JSON.stringify({ kind: 'command', command, ready: { line: 'never' }, limit_ms: 1000 })} } }`)
    await writeEvidence(folder, await nativeArtifact(module))
    const [run] = recordsIn(folder, `${BUNDLE}/live-run.json`) as [LiveRunMetadata]
    expect(run.admitted?.subject.downgrade?.server).toMatchObject({ command })
    delete run.admitted
    putRecords(folder, `${BUNDLE}/live-run.json`, [run])
    await redigest(folder)
    const { live } = await replayed(folder, BUNDLE, true)
    expect(live).toMatchObject({ answer: 'not_compared', because: [{ what: 'own_server', kept: command.join(' ') }] })
    expect(existsSync(marker)).toBe(false)
  }, 60_000)
})
