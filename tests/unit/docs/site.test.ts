import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, run } from '../cli/run.js'
import { blocksOf, pageSteps } from './page-steps.js'
import { ENGINE_PAGES, EVIDENCE_PAGES, TYPED_ELSEWHERE } from './typed-pages.js'

const MINUTE_MS = 60_000
const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md') && !name.startsWith('.vitepress') && !name.startsWith('reference/')).map((name) => `docs/${name}`)
const typed = new Set([...ENGINE_PAGES, ...EVIDENCE_PAGES, ...Object.keys(TYPED_ELSEWHERE)])

describe('T0 browser_surface: the docs site', () => {
  test('its reference is what --help and the schemas say', async () => {
    const { code, stderr } = await run(process.execPath, [join(ROOT, 'scripts/docs-reference.mjs'), '--check'], { cwd: ROOT, limit_ms: 2 * MINUTE_MS })
    expect(stderr).toBe('')
    expect(code).toBe(0)
  }, 3 * MINUTE_MS)

  test('every page with commands is typed by a test', () => {
    expect(pages.length).toBeGreaterThan(10)
    const withCommands = pages.filter((page) => blocksOf(readFileSync(join(ROOT, page), 'utf8')).some(({ language }) => language === 'sh'))
    expect(withCommands.filter((page) => !typed.has(page)), 'name the page in tests/unit/docs/typed-pages.ts').toEqual([])
  })

  test('no command hides in a block of another kind', () => {
    const hidden = pages.filter((page) => !(page in TYPED_ELSEWHERE)).flatMap((page) => blocksOf(readFileSync(join(ROOT, page), 'utf8'))
      .filter(({ language, text }) => ['', 'console', 'bash', 'shell'].includes(language) && /^\s*(\$ )?(npx )?(lanecheck|npm) /m.test(text)).map(({ text }) => `${page}: ${text.split('\n')[0]}`))
    expect(hidden, 'a block of commands is ```sh').toEqual([])
  })

  test('steps are read as they stand: commands without their comments, what they say, files', () => {
    expect(pageSteps('docs/tutorials/maintainer.md').map((step) => (step.kind === 'file' ? step.name : step.exit))).toEqual(['timers.ts', 'my-subject.ts', 0, 'timers.ts', 1, 0, 0, 0])
    const [first] = pageSteps('docs/history.md')
    expect(first).toMatchObject({ kind: 'commands', commands: [expect.stringMatching(/add lanecheck-evidence$/) as string, expect.any(String) as string, expect.any(String) as string] })
  })

  test('it builds, without a dead link, and its pages ask nobody else for anything', async () => {
    const { code, stdout, stderr } = await run(join(ROOT, 'node_modules/.bin/vitepress'), ['build', 'docs'], { cwd: ROOT, limit_ms: 4 * MINUTE_MS })
    expect(code, `${stdout}${stderr}`).toBe(0)
    const site = join(ROOT, '.cache/docs-site')
    const texts = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(html|css|js)$/.test(name)).map((name) => ({ name, text: readFileSync(join(site, name), 'utf8') }))
    expect(texts.filter(({ name }) => name.endsWith('.html')).length).toBeGreaterThan(10)
    const OUTSIDE = /<(?:script|img|iframe|source)[^>]*\ssrc="?(?:https?:)?\/\/|<link[^>]*\shref="?(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/|@import ["'](?:https?:)?\/\//
    // The theme would ask for the icons of social links; the config has none.
    const THEME = /url\('https:\/\/api\.iconify\.design\/simple-icons\/\$\{[^)]*\)/g
    expect(texts.filter(({ text }) => OUTSIDE.test(text.replaceAll(THEME, ''))).map(({ name }) => name)).toEqual([])
    expect(readFileSync(join(ROOT, 'docs/.vitepress/config.ts'), 'utf8')).not.toMatch(/ignoreDeadLinks|socialLinks/)
  }, 5 * MINUTE_MS)
})
