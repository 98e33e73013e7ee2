import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lanecheck } from './run.js'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-places-'))
  for (const name of ['run', 'other']) mkdirSync(join(home, name))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('T0 browser_surface: a place inside evidence is refused before anything runs', () => {
  test.each([
    ['--html', ['downgrade', '--out', 'run', '--html', 'run/page.html', '--only', 'taken.worker']],
    ['--html', ['downgrade', '--html', 'lanecheck-downgrades/page.html']],
    ['--write-times', ['verify', '--out', 'run', '--write-times', 'run/times.json']],
    ['--reporter', ['verify', '--out', 'run', '--reporter', 'junit=run/report.xml']],
    ['--reporter', ['report', 'run', '--reporter', 'html=run/..report.html']],
    ['--out', ['gate', 'run', '--out', 'run/packets']],
    ['--out', ['merge', 'run', 'other', '--out', 'other/merged']],
    ['--write-times', ['merge', 'run', 'other', '--out', 'merged', '--write-times', 'run/times.json']],
    ['--db', ['history', 'add', 'run', '--db', 'run/history.db']],
  ])('%s: %j', async (option, args) => {
    const { code, stdout, stderr } = await lanecheck(home, args)
    expect(stderr).toMatch(new RegExp(`^error usage: \\S+ is inside the evidence folder \\S+, where audit would find it as an added file \\(${option}\\)\\n {2}choose a place beside that folder\\n$`))
    expect([code, stdout, (readdirSync(home, { recursive: true }) as string[]).sort()]).toEqual([64, '', ['other', 'run']])
  })
})

describe('T0 browser_surface: a folder that cannot be made', () => {
  // Node's own recursive `mkdir` never ends there.
  test('for what shards are joined to', async () => {
    const { code, stderr } = await lanecheck(home, ['merge', 'run', 'other', '--out', '/proc/lanecheck/merged'])
    expect([code, stderr]).toEqual([64, expect.stringMatching(/^error output_not_writable: cannot write \/proc\/lanecheck\S* \(ENOENT\)\n/)])
  })
})
