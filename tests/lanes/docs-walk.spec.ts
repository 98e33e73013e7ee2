import { readFileSync } from 'node:fs'
import { expect, test } from './support.js'
import { deskIn } from './typed.js'

const PAGE = 'docs/from-verdict-to-evidence.md'

interface Step { commands: string[]; exit: number; says: string[] }

/** Commands of the page in their order, each block with the output that stands below it. */
const steps: Step[] = [...readFileSync(PAGE, 'utf8').matchAll(/^```sh(?: exit=(\d+))?\n([^]*?)^```\n(?:```text\n([^]*?)^```\n)?/gm)]
  .map(([, exit = '0', commands, says = '']) => ({ commands: commands!.trimEnd().split('\n'), exit: Number(exit), says: says.trimEnd().split('\n') }))

/** Tables are as wide as the names in them. */
const narrow = (text: string): string => text.replace(/ +/g, ' ')
/** A line of the page as a pattern: `…` stands for anything within a line. */
const pattern = (line: string): RegExp => new RegExp(narrow(line).split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))

test(`T2 timer_surface: every command of ${PAGE} runs as it stands and says what the page says`, async ({ kit }) => {
  test.setTimeout(4 * 60_000)
  expect(steps.length).toBeGreaterThan(7)
  const desk = deskIn(kit)
  // The page is told of one engine, and holds for each.
  const here = (text: string): string => text.replaceAll('chromium', kit.engine)
  for (const { commands, exit, says } of steps) {
    let output = ''
    for (const command of commands) {
      const ended = await test.step(command, () => desk.type(here(command)))
      expect(ended.code, `${command}: ${ended.stderr}${ended.stdout}`).toBe(exit)
      expect(`${ended.stdout}${ended.stderr}`.trim(), command).not.toBe('')
      output += ended.stdout
    }
    for (const line of says) expect(narrow(output)).toMatch(pattern(here(line)))
  }
})
