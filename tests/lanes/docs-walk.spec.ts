import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pageSteps, type Step } from '../unit/docs/page-steps.js'
import { ENGINE_PAGES, EVIDENCE_PAGES } from '../unit/docs/typed-pages.js'
import { expect, ROOT, test } from './support.js'
import { deskIn, type Desk } from './typed.js'

/** Tables are as wide as the names in them. */
const narrow = (text: string): string => text.replace(/ +/g, ' ')
/** A line of the page as a pattern: `…` stands for anything within a line. */
const pattern = (line: string): RegExp => new RegExp(narrow(line).split(/ ?… ?/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))

/** Does one step of a page. `typed`: lines that gave their output before, which pages share. */
async function take(desk: Desk, step: Step, here: (text: string) => string, typed: Map<string, string>): Promise<void> {
  if (step.kind === 'file') {
    mkdirSync(dirname(join(desk.folder, step.name)), { recursive: true })
    return writeFileSync(join(desk.folder, step.name), here(step.text))
  }
  let output = ''
  for (const command of step.commands.map(here)) {
    let text = typed.get(command)
    if (text === undefined) {
      const ended = await test.step(command, () => desk.type(command))
      expect(ended.code, `${command}: ${ended.stderr}${ended.stdout}`).toBe(step.exit)
      text = ended.stdout
      expect(`${text}${ended.stderr}`.trim(), command).not.toBe('')
      // What takes an engine is run once for all pages that ask the same; what it left is there still.
      if (command.startsWith('npx lanecheck verify ')) typed.set(command, text)
    }
    output += text
  }
  for (const line of step.says) expect(narrow(output)).toMatch(pattern(here(line)))
}

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
