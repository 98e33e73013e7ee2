// The page of the HTML report without a run: script and style inline, and a policy that allows these two alone, by their digests.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Builds the template that `src/report/html/html-report.ts` fills. */
export async function buildReportPage() {
  const { script, style } = await bundle()
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error('the bundle of the HTML report holds what would end its own element')
  const policy = [`default-src 'none'`, `script-src ${digest(script)}`, `style-src ${digest(style)}`, 'img-src data:', `base-uri 'none'`, `form-action 'none'`].join('; ')
  const parts = { policy, style, script }
  const template = await readFile(join(root, 'src/report/html/template.html'), 'utf8')
  return template.replace(/<!--build:(policy|style|script)-->/g, (_, part) => parts[part])
}

async function bundle() {
  const { output } = [await build({
    root,
    configFile: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false, cssCodeSplit: false, target: 'es2022', cssTarget: ['chrome123', 'firefox120', 'safari17.5'], modulePreload: false, assetsInlineLimit: 0,
      rolldownOptions: { input: join(root, 'src/report/html/ui/main.tsx'), output: { format: 'iife' } },
    },
  })].flat()[0]
  const script = output.find(({ type }) => type === 'chunk')?.code.trim()
  const style = output.find(({ fileName }) => fileName.endsWith('.css'))?.source
  if (script === undefined || style === undefined || output.length !== 2) throw new Error(`the HTML report was not bundled into one script and one style sheet: ${output.map(({ fileName }) => fileName).join(', ')}`)
  return { script, style: String(style).trim() }
}

const digest = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
