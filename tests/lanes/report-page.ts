import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test as base, type Page } from '@playwright/test'
import axe from 'axe-core'
import { findEngine } from '../../lanes/engines/find.js'
import { launchEngine } from '../../lanes/engines/launch.js'
import { EngineSchema } from '../../src/contract/vocabulary.js'
import { startRefusingProxy } from '../../src/loopback/refusing-proxy.js'
import { madeReport } from '../../bench/made-report.js'
import { htmlReport } from '../../src/report/html/html-report.js'

const { source } = axe
const LAUNCH_LIMIT_MS = 45_000
const PAGE_LIMIT_MS = 20_000

const TEMPLATE = (): string => readFileSync('dist/report/template.html', 'utf8')

/** A stock WebKit's inspector takes no message as long as axe, so the page brings it along, and its policy allows it. */
function carryingAxe(template: string): string {
  const digest = createHash('sha256').update(source).digest('base64')
  return template.replace("script-src '", () => `script-src 'sha256-${digest}' '`).replace('</body>', () => `<script>${source}</script></body>`)
}

/** A report opened from disk in this project's engine, as it stands in dist/. */
export interface ReportDesk {
  page: Page
  /** Writes a report of so many made-up cells and opens it at a place in it. */
  open(cells: number, hash?: string, withAxe?: boolean): Promise<void>
  /** What the page printed or threw: complaints of its own policy, too. */
  complaints: string[]
  /** Hosts that were asked for through the wall around the engine, but for the browser's own. */
  asked(): string[]
}

export const test = base.extend<{ desk: ReportDesk }>({
  desk: async ({}, use, info) => {
    const found = findEngine(EngineSchema.parse(info.project.name))
    if (!found.found) throw new Error(found.reason)
    const folder = mkdtempSync(join(tmpdir(), 'lanecheck-report-test-'))
    const proxy = await startRefusingProxy()
    const blank = join(folder, 'blank.html')
    writeFileSync(blank, '<!doctype html><title>blank</title>')
    const running = await launchEngine(found, { proxy_url: proxy.url, limit_ms: LAUNCH_LIMIT_MS, webkit_start_url: pathToFileURL(blank).href })
    try {
      const opened = await running.openPage(PAGE_LIMIT_MS)
      const complaints: string[] = []
      opened.onConsole((line) => complaints.push(line))
      await use({
        page: opened.driven, complaints,
        open: async (cells, hash = '', withAxe = false) => {
          const path = join(folder, `report-${cells}.html`)
          writeFileSync(path, htmlReport(madeReport(cells), withAxe ? carryingAxe(TEMPLATE()) : TEMPLATE()))
          // From one place in a page to another would load nothing anew.
          await opened.driven.goto(pathToFileURL(blank).href)
          await opened.driven.goto(`${pathToFileURL(path).href}${hash}`, { waitUntil: 'load', timeout: PAGE_LIMIT_MS })
        },
        asked: () => proxy.refused.map(({ host }) => host),
      })
    } finally {
      await running.close()
      await proxy.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
