import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { groupMembers } from '../../../lanes/processes.js'
import { crateIn, fakeWasmPack } from '../vite/crate-in.js'
import { lanecheck } from './run.js'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-interrupted-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('T0 browser_surface: Ctrl-C while a crate is built', () => {
  test.each([[['verify', '--engine', 'chromium']], [['verify', '--watch', '--engine', 'chromium']], [['probe', '--engine', 'chromium']]])('%s ends the build and all that it started, at once', async (args) => {
    const crate = crateIn(join(folder, 'crate'))
    appendFileSync(join(crate.dir, 'src/lib.rs'), '// more\n')
    writeFileSync(join(folder, 'subject.js'), "import './crate/pkg/alarms.js'\nexport default {}\n")
    const pid = join(folder, 'pid')
    // Its parent is the command itself.
    const fake = fakeWasmPack(join(folder, 'bin'), `echo $$ > '${pid}'; kill -INT $PPID; sleep 600 & sleep 600`)
    const { code, stderr } = await lanecheck(folder, [...args, '--subject', './subject.js'], { PATH: `${fake.path}:${process.env.PATH}` })
    // To end is what watching is asked for: it is no error there.
    expect(stderr).toMatch(args.includes('--watch') ? /^\nstopping; .*\n$/ : /error interrupted: the build of a crate was interrupted \(crate\/Cargo\.toml\)/)
    expect(code).toBe(3)
    expect(existsSync(join(folder, 'lanecheck-evidence'))).toBe(false)
    await vi.waitFor(() => expect(groupMembers(Number(readFileSync(pid, 'utf8')))).toEqual([]), { timeout: 5_000 })
  })
})
