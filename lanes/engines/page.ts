import type { Page } from 'playwright'
import { LanecheckError } from '../../src/contract/errors.js'
import { firstLine, LimitExceeded, settleWithin, within } from './limit.js'
import type { EnginePage } from './types.js'

const SCREENSHOT_LIMIT_MS = 10_000
/** Beyond Playwright's own limit, for when its connection to the engine hangs. */
const SLACK_MS = 1_000

export interface PageEnding extends Pick<EnginePage, 'service_workers'> {
  /** Ends what the page needs: its context or its process. */
  end(): Promise<void>
  limit_ms: number
  /** Resolves with the reason when whatever carries the page is lost. */
  lost: Promise<string>
}

/** One of Playwright's pages as the lanes use it. */
export function enginePage(page: Page, ending: PageEnding): EnginePage {
  const listeners: Array<(line: string) => void> = []
  const tell = (line: string): void => listeners.forEach((listen) => listen(line))
  page.on('console', (message) => tell(`[${message.type()}] ${message.text()}`))
  page.on('pageerror', (error) => tell(`[uncaught] ${error.message}`))
  let closing = false
  const crashed = new Promise<string>((resolve) => {
    const report = (why: string): void => void (closing || resolve(why))
    page.on('crash', () => report('the page crashed'))
    page.on('close', () => report('the page closed by itself'))
    void ending.lost.then(report)
  })
  return {
    crashed,
    onConsole: (listen) => void listeners.push(listen),
    ...(ending.service_workers === undefined ? {} : { service_workers: ending.service_workers }),
    goto: (url, limit_ms) => navigate(page, url, limit_ms),
    screenshot: async (path) => void (await within(SCREENSHOT_LIMIT_MS + SLACK_MS, 'a screenshot', page.screenshot({ path, timeout: SCREENSHOT_LIMIT_MS }))),
    close: async () => {
      closing = true
      await settleWithin(ending.limit_ms, ending.end())
    },
  }
}

async function navigate(page: Page, url: string, limit_ms: number): Promise<void> {
  try {
    await within(limit_ms + SLACK_MS, `opening ${url}`, page.goto(url, { waitUntil: 'commit', timeout: limit_ms }))
  } catch (error) {
    const late = error instanceof LimitExceeded || (error instanceof Error && error.name === 'TimeoutError')
    const message = late ? `the page did not open ${url} within ${limit_ms} ms` : `the page did not open ${url}: ${firstLine(error)}`
    throw new LanecheckError(late ? 'deadline_exceeded_in_node' : 'realm_lost', message, { cause: error })
  }
}
