import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pageSteps } from '../unit/docs/page-steps.js'
import { ENGINE_PAGES, EVIDENCE_PAGES } from '../unit/docs/typed-pages.js'
import { expect, ROOT, test } from './support.js'
import { deskIn, take } from './typed.js'

for (const page of ENGINE_PAGES) {
  test(`T2 timer_surface: every command of ${page} runs as it stands and says what the page says`, async ({ kit }) => {
    test.setTimeout(4 * 60_000)
    const steps = pageSteps(page)
    expect(steps.length).toBeGreaterThan(7)
    const desk = deskIn(kit)
    // The page is told of one engine, and holds for each.
    for (const step of steps) await take(desk, step, (text) => text.replaceAll('chromium', kit.engine), new Map())
  })
}

test('T2 timer_surface: every command of the tutorials and of the guides that need evidence runs as it stands', async ({ kit }) => {
  test.setTimeout(6 * 60_000)
  const desk = deskIn(kit, 'tutorials')
  // So that `lanecheck` is found from here: by the clone's `package.json`, it is this folder.
  for (const one of ['dist', 'examples']) symlinkSync(join(ROOT, one), join(desk.folder, one))
  const typed = new Map<string, string>()
  for (const page of EVIDENCE_PAGES) {
    for (const step of pageSteps(page)) await test.step(page, () => take(desk, step, (text) => text.replaceAll('chromium', kit.engine), typed))
  }
})
