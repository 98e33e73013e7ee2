import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { configured, laneFor, subjectFor } from '../../../src/playwright/run-cells.js'
import { tarGz } from '../../../src/playwright/tar.js'

describe('T0: what a test asks for', () => {
  const defaults = { lane: { host_role: 'shared_worker' }, engine: 'firefox' } as const

  it('the lane: of the request, else of the options, else the project\'s browser and the window', () => {
    expect(laneFor(defaults, {})).toEqual({ engine: 'firefox', host_role: 'shared_worker' })
    expect(laneFor(defaults, { lane: { engine: 'webkit' } })).toEqual({ engine: 'webkit', host_role: 'shared_worker' })
    expect(laneFor({ lane: {}, engine: 'chromium' }, {})).toEqual({ engine: 'chromium', host_role: 'window' })
    expect(() => laneFor(defaults, { lane: { engine: 'opera' as never } })).toThrow(expect.objectContaining({ code: 'unknown_engine' }) as Error)
    expect(() => laneFor(defaults, { lane: { host_role: 'tab' as never } })).toThrow(expect.objectContaining({ code: 'unknown_host_role' }) as Error)
  })

  it('the subject of a config: one of the kit\'s by name, else a path from its folder; without one the reference', () => {
    expect([configured('deep/down', 'native'), configured('deep/down', './s.ts'), configured('deep', 's.ts'), configured('deep', undefined)]).toEqual(['native', './deep/down/s.ts', './deep/s.ts', 'reference'])
  })
  it('the subject: a path is meant from the configuration\'s folder, and comes out as one types it here', () => {
    const info = { config: { configFile: join(process.cwd(), 'e2e', 'playwright.config.ts'), rootDir: '/elsewhere' } }
    expect(subjectFor('./my.subject.ts', info)).toBe('./e2e/my.subject.ts')
    expect(subjectFor('../my.subject.ts', info)).toBe('./my.subject.ts')
    expect(subjectFor(pathToFileURL(join(process.cwd(), 'x.ts')).href, info)).toBe('./x.ts')
    expect(subjectFor('/far/x.ts', info)).toBe(relative('.', '/far/x.ts'))
    for (const name of ['reference', 'native', 'planted/unsteady']) expect(subjectFor(name, info)).toBe(name)
    expect(subjectFor('./x.ts', { config: { rootDir: process.cwd() } })).toBe('./x.ts')
  })
})

describe('T0: the evidence as an archive', () => {
  it('comes out of tar as it went in, long names too, and is the same bytes each time', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanecheck-tar-'))
    try {
      const long = `bundles/chromium.dedicated_worker.direct/${'a'.repeat(70)}.${'b'.repeat(20)}/capture-manifest.json`
      const files = { 'plan.json': '{}', [long]: 'x'.repeat(1234), 'empty.ndjson': '', 'block.bin': 'y'.repeat(512) }
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(join(folder, 'in', name, '..'), { recursive: true })
        writeFileSync(join(folder, 'in', name), text)
      }
      const archive = tarGz(join(folder, 'in'), 'lanecheck-1')
      expect(tarGz(join(folder, 'in'), 'lanecheck-1').equals(archive)).toBe(true)
      writeFileSync(join(folder, 'a.tar.gz'), archive)
      const { status, stderr } = spawnSync('tar', ['-xzf', 'a.tar.gz'], { cwd: folder, encoding: 'utf8', timeout: 20_000 })
      expect([status, stderr]).toEqual([0, ''])
      for (const [name, text] of Object.entries(files)) expect(readFileSync(join(folder, 'lanecheck-1', name), 'utf8')).toBe(text)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
