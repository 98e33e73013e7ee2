import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type DefaultTheme } from 'vitepress'

const docs = dirname(dirname(fileURLToPath(import.meta.url)))

/** A page, named by its first heading; a path without ending. */
const page = (path: string): DefaultTheme.SidebarItem => ({ text: /^# (.*)$/m.exec(readFileSync(join(docs, `${path}.md`), 'utf8'))?.[1]?.replaceAll('`', '') ?? path, link: `/${path}` })
const namesIn = (folder: string): string[] => readdirSync(join(docs, folder)).filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3)).sort()

/** In the order in which one comes to need them. */
const GUIDES = ['subject', 'scenarios', 'calls', 'vite', 'downgrade', 'own-downgrade', 'service-workers', 'expectations', 'ci', 'report', 'playwright', 'history', 'claims', 'gate']
const PROOF = ['evidence', 'from-verdict-to-evidence', 'contract', 'http']
const KIT = ['controls', 'mutation']
const ELSEWHERE = ['index', 'support', 'your-package']
const unplaced = namesIn('.').filter((name) => ![...GUIDES, ...PROOF, ...KIT, ...ELSEWHERE].includes(name))
if (unplaced.length > 0) throw new Error(`docs/.vitepress/config.ts gives no place to: ${unplaced.join(', ')}`)

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
      { text: 'Guides', items: GUIDES.map(page) },
      { text: 'Evidence and contract', items: PROOF.map(page) },
      { text: 'Reference', items: namesIn('reference').map((name) => page(`reference/${name}`)) },
      { text: 'Support', items: [{ text: 'Where the reference runs', link: '/support' }] },
      { text: 'About the kit itself', items: KIT.map(page) },
    ],
    outline: { level: [2, 3] },
  },
})
