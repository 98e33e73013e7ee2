import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type DefaultTheme } from 'vitepress'

const docs = dirname(dirname(fileURLToPath(import.meta.url)))

/** Pages of a folder, named by their first heading. */
const pagesIn = (folder: string): DefaultTheme.SidebarItem[] => readdirSync(join(docs, folder))
  .filter((name) => name.endsWith('.md') && name !== 'index.md' && name !== 'support.md').sort()
  .map((name) => ({ text: /^# (.*)$/m.exec(readFileSync(join(docs, folder, name), 'utf8'))?.[1] ?? name, link: `/${folder === '.' ? '' : `${folder}/`}${name.slice(0, -3)}` }))

const TUTORIALS: DefaultTheme.SidebarItem[] = [
  { text: 'I own a CI matrix', link: '/tutorials/ci-matrix' },
  { text: 'I maintain a package', link: '/tutorials/maintainer' },
  { text: 'I write documents', link: '/tutorials/doc-author' },
  { text: 'Your package under test', link: '/your-package' },
]

// What is built asks nobody else for anything: no fonts, no analytics, and the search is its own.
export default defineConfig({
  lang: 'en',
  title: 'lanecheck',
  description: 'Finds out, lane by lane, where a browser package really runs.',
  base: process.env.DOCS_BASE ?? '/',
  outDir: join(docs, '../.cache/docs-site'),
  cacheDir: join(docs, '../.cache/vitepress'),
  cleanUrls: false,
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Tutorials', items: TUTORIALS as DefaultTheme.NavItemWithLink[] },
      { text: 'Contract', link: '/contract' },
      { text: 'Reference', link: '/reference/commands' },
      { text: 'Support', link: '/support' },
    ],
    sidebar: [
      { text: 'Tutorials', items: TUTORIALS },
      { text: 'Guides', items: pagesIn('.') },
      { text: 'Reference', items: pagesIn('reference') },
      { text: 'Support', items: [{ text: 'Where the reference runs', link: '/support' }] },
    ],
    outline: { level: [2, 3] },
  },
})
