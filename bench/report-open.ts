import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findEngine } from '../lanes/engines/find.js'
import { launchEngine } from '../lanes/engines/launch.js'
import type { Engine } from '../src/contract/vocabulary.js'
import { ENGINES } from '../src/contract/vocabulary.js'
import { startRefusingProxy } from '../src/loopback/refusing-proxy.js'
import { htmlReport } from '../src/report/html/html-report.js'
import { madeReport } from './made-report.js'
import { beside, best, round, type Measure } from './measure.js'

const CELLS = 5000
const LIMIT_MS = 60_000

/** The HTML report of 5,000 cells: how long it takes to write, its size, and how long it takes to open from disk until its list stands, beside an empty page. */
export async function reportOpen(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lanecheck-bench-report-'))
  try {
    const input = madeReport(CELLS)
    const started = performance.now()
    const page = htmlReport(input)
    const written = performance.now() - started
    const files = { report: join(folder, 'report.html'), empty: join(folder, 'empty.html') }
    await writeFile(files.report, page)
    await writeFile(files.empty, '<!doctype html><title>empty</title><table class="list"><tr><td><a href="#">one</a></table>')
    const opened: Measure[] = []
    for (const engine of ENGINES) opened.push(...await openingIn(engine, files))
    return [
      { name: `HTML report of ${CELLS.toLocaleString('en-US')} cells, written`, value: round(written, 0), unit: 'ms' },
      { name: `HTML report of ${CELLS.toLocaleString('en-US')} cells, size`, value: round(page.length / 1e6, 2), unit: 'MB' },
      ...opened,
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function openingIn(engine: Engine, files: { report: string; empty: string }): Promise<Measure[]> {
  const found = findEngine(engine)
  if (!found.found) return []
  const proxy = await startRefusingProxy()
  const running = await launchEngine(found, { proxy_url: proxy.url, limit_ms: LIMIT_MS, webkit_start_url: pathToFileURL(files.empty).href })
  try {
    const { driven } = await running.openPage(LIMIT_MS)
    const open = (path: string): Promise<number> => best(3, 'less', async () => {
      await driven.goto(`${pathToFileURL(files.empty).href}?before`)
      const started = performance.now()
      await driven.goto(pathToFileURL(path).href, { timeout: LIMIT_MS })
      await driven.locator('.list a').first().waitFor({ timeout: LIMIT_MS })
      return performance.now() - started
    })
    const empty: Measure = { name: `an empty page from disk, ${engine}`, value: round(await open(files.empty), 0), unit: 'ms' }
    return [empty, beside({ name: `HTML report of ${CELLS.toLocaleString('en-US')} cells opened, ${engine} (aim: 2,000)`, value: round(await open(files.report), 0), unit: 'ms' }, empty)]
  } finally {
    await running.close()
    await proxy.close()
  }
}
