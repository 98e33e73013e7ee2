import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOST_ROLES, SURFACE_FAMILIES } from '../../../src/contract/vocabulary.js'
import { lanecheck, ROOT } from './run.js'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-completion-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is offered for the last of these words; null where the shell is to complete a path. */
async function offered(...words: string[]): Promise<string[] | null> {
  const { code, stdout, stderr } = await lanecheck(folder, ['complete', '--', ...words])
  expect([code, stderr]).toEqual([0, ''])
  const lines = stdout.trimEnd().split('\n')
  expect(lines.at(-1)).toMatch(/^:\d+$/)
  return lines.at(-1) === ':0' ? null : lines.slice(0, -1).map((line) => line.split('\t')[0]!)
}

describe('T0 browser_surface: completion', () => {
  test('of commands and options', async () => {
    const commands = await offered('')
    expect(commands).toEqual(expect.arrayContaining(['verify', 'probe', 'lanes', 'doctor', 'completion']))
    expect(commands).not.toContain('complete')
    expect(await offered('claims', '')).toEqual(expect.arrayContaining(['check', 'write']))
    expect(await offered('verify', '--exp')).toEqual(['--expectations'])
    expect(await offered('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']))
  })

  test('of the values of closed vocabularies, lists among them', async () => {
    expect(await offered('probe', '--role', '')).toEqual([...HOST_ROLES])
    expect(await offered('verify', '--engine', 'chromium,')).toEqual(['chromium,firefox', 'chromium,webkit'])
    expect(await offered('gate', 'evidence', '--row', '')).toEqual([...SURFACE_FAMILIES])
    expect(await offered('verify', '--scenario', 'timer.order.')).toEqual(['timer.order.distinct', 'timer.order.equal'])
    expect(await offered('verify', '--cell', 'firefox.window/timer.order.d')).toEqual(['firefox.window/timer.order.distinct'])
    expect(await offered('verify', '--reporter', 'wpt')).toEqual(['wptreport'])
  })

  test('paths are left to the shell, and nothing else is', async () => {
    for (const words of [['verify', '--out', ''], ['audit', ''], ['claims', 'check', 'READ'], ['verify', '--expectations=a']]) expect(await offered(...words), words.join(' ')).toBeNull()
    for (const words of [['verify', ''], ['lanes', '--engine', '']]) expect(await offered(...words), words.join(' ')).not.toBeNull()
    expect(readdirSync(folder)).toEqual([])
  })

  test.each(['bash', 'zsh', 'fish'])('lanecheck completion %s prints a script that the shell takes', async (shell) => {
    const { code, stdout } = await lanecheck(folder, ['completion', shell])
    expect(code).toBe(0)
    expect(stdout).toContain('lanecheck complete --')
    if (spawnSync(shell, ['--version'], { timeout: 10_000 }).error === undefined) expect(spawnSync(shell, ['-n', '-c', stdout], { encoding: 'utf8', timeout: 10_000 }).stderr).toBe('')
  })

  test.skipIf(!existsSync('/bin/bash'))('in bash, a tab gives what is offered', async () => {
    const { stdout: script } = await lanecheck(folder, ['completion', 'bash'])
    const bin = mkdtempSync(join(folder, 'bin-'))
    writeFileSync(join(bin, 'lanecheck'), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist/src/cli/main.js')}" "$@"\n`)
    chmodSync(join(bin, 'lanecheck'), 0o755)
    // Of the package bash-completion, which the script builds on, one function is used.
    const words = '_get_comp_words_by_ref() { cur=fire; prev=--engine; words=(lanecheck verify --engine fire); cword=3; }; compopt() { :; }'
    const { stdout, stderr } = spawnSync('/bin/bash', ['-c', `${words}\n${script}\nCOMP_WORDS=(lanecheck verify --engine fire) COMP_CWORD=3; __lanecheck_complete; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: 'utf8', timeout: 20_000, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } })
    expect([stdout.trim(), stderr]).toEqual(['firefox', ''])
    rmSync(bin, { recursive: true })
  })

  test('an unknown shell is wrong use', async () => {
    expect(await lanecheck(folder, ['completion', 'tcsh'])).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('zsh, bash, fish') as string })
  })
})
