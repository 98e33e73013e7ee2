import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import wabt from 'wabt'
import { beforeAll, describe, expect, it } from 'vitest'
import { pageFacts, type SubjectPage } from '../../../src/contract/page-conditions.js'
import type { SubjectDeclaration } from '../../../src/contract/host.js'
import { ENGINES, MATRIX_HOST_ROLES, type Capability, type Engine, type HostRole } from '../../../src/contract/vocabulary.js'
import { declareSubject, runLabOnce } from '../../../src/lab/run-lab.js'
import { bundleSubject, type BundledSubject } from '../../../src/subjects/bundle.js'
import { findScenarios } from '../../../src/scenarios/catalogue.js'
import { climb } from '../../../lanes/ladder.js'
import { onSubjectsPage } from '../../../src/run/subject-page.js'
import { inFolder, probeOf } from '../run/support.js'
import { writeFileSync } from 'node:fs'

const EXAMPLE = join(process.cwd(), 'examples/threads')
type Answers = Record<SubjectPage, Record<Engine, Record<HostRole, { support_class: string; reason_code: string; cause: unknown }>>>
const expected = JSON.parse(readFileSync(join(EXAMPLE, 'expected.json'), 'utf8')) as Answers

/** What realms have of shared memory on an isolated page, and of workers anywhere, as it was measured. */
const SHARES: Record<Engine, readonly HostRole[]> = { chromium: ['window', 'dedicated_worker', 'service_worker'], firefox: ['window', 'dedicated_worker'], webkit: [] }
const HAS_WORKER: Record<Engine, readonly HostRole[]> = { chromium: ['window', 'dedicated_worker'], firefox: ['window', 'dedicated_worker', 'shared_worker'], webkit: ['window', 'dedicated_worker'] }

describe('T0 browser_surface: the example with a thread', () => {
  let bundled: BundledSubject
  let subject: SubjectDeclaration
  beforeAll(async () => {
    bundled = await bundleSubject(join(EXAMPLE, 'subject.js'))
    subject = (await declareSubject(bundled.source)).declaration
  })

  it('its wasm is its WAT, byte for byte', async () => {
    const { buffer } = (await wabt()).parseWat('alarm.wat', readFileSync(join(EXAMPLE, 'alarm.wat'), 'utf8'), { threads: true }).toBinary({})
    expect(readFileSync(join(EXAMPLE, 'alarm.wasm')).equals(buffer)).toBe(true)
  })

  it.each((['isolated', 'plain'] as const).flatMap((page) => ENGINES.map((engine) => ({ page, engine }))))('the ladder answers as expected.json says: $engine, $page page', ({ page, engine }) => {
    for (const role of MATRIX_HOST_ROLES) {
      const has: Partial<Record<Capability, boolean>> = { shared_array_buffer: page === 'isolated' && SHARES[engine].includes(role), worker: HAS_WORKER[engine].includes(role) }
      const probe = probeOf(role)
      const { support_class, reason_code, cause } = climb({ realm: { ...probe, capabilities: { ...probe.capabilities, ...has } }, wanted_role: role, subject, page: pageFacts(page), bridge: 'completed' }) as Answers['plain']['chromium']['window']
      expect({ support_class, reason_code, cause }, role).toEqual(expected[page][engine][role])
    }
  })

  it('asks for an isolated page; scenarios of the browser row keep theirs, and so does one that names its own', () => {
    expect(subject.page).toBe('isolated')
    const [timer, browser] = [findScenarios('timer.order.distinct')[0]!, findScenarios('browser.isolation.off_shared_memory')[0]!]
    expect(onSubjectsPage([timer, browser, { ...timer, page: 'insecure' }], subject).map(({ page }) => page)).toEqual(['isolated', undefined, 'insecure'])
    expect(onSubjectsPage([timer], { page: 'plain' })).toEqual([timer])
  })

  it('in the lab, which has no workers, it rings by its one thread, and the lab says that it looked for another', async () => {
    const { end, events, reached_for } = await runLabOnce({ artifact: bundled.source, scenario: findScenarios('timer.cancel.before_fire')[0]!, seed: 1 })
    expect(end).toEqual({ type: 'done', stalled: false })
    expect(events.filter(({ kind }) => kind === 'log').map((event) => (event as { text: string }).text)).toEqual(['threads: 1'])
    expect(reached_for).toContain('Worker')
  })

  it('a subject that cannot do without a worker is told so by name', () => inFolder(async (dir) => {
    writeFileSync(join(dir, 'subject.js'), "export default { name: 'x', version: '1', requires: ['worker'], host_roles: ['window'], bridge: false, start: async () => { new Worker('data:,'); return { shutdown: async () => {} } } }\n")
    const { source } = await bundleSubject(join(dir, 'subject.js'))
    await expect(runLabOnce({ artifact: source, scenario: findScenarios('timer.order.distinct')[0]!, seed: 1 })).rejects.toMatchObject({ code: 'lab_missing_global', where: 'Worker' })
  }))

  it('a page that nobody can ask for is refused', () => inFolder(async (dir) => {
    writeFileSync(join(dir, 'subject.js'), "export default { name: 'x', version: '1', requires: [], host_roles: ['window'], bridge: false, page: 'insecure', start: async () => ({ shutdown: async () => {} }) }\n")
    await expect(declareSubject((await bundleSubject(join(dir, 'subject.js'))).source)).rejects.toMatchObject({ code: 'subject_invalid' })
  }))
})
