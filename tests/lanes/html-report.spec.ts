import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { NASTY } from '../../bench/made-report.js'
import { test } from './report-page.js'

const CELL = 'webkit.window/websocket.made.s9'

/** All rules of axe, which the page brings along; without the empty page of axe's own that a stock WebKit cannot open. */
const wrongs = async (page: Page): Promise<string[]> =>
  (await new AxeBuilder({ page, axeSource: 'void 0' }).setLegacyMode(true).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`)

const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')

test('T0: the HTML report tells from disk what came out, by map, filters and cell, in the address and by keyboard', async ({ desk: { page, open, complaints } }, info) => {
  await open(240)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('made-up 1.0.0')
  await expect(page.getByText('3 cells of 240 are not as expected.')).toBeVisible()
  await expect(page.getByRole('table', { name: 'How many cells' }).getByRole('rowheader', { name: 'webkit window direct' })).toBeVisible()
  await page.getByRole('link', { name: /^webkit\.window\.direct virtual transport/ }).click()
  await expect(page.getByRole('status')).toHaveText('10 of 240 cells')
  expect(new URL(page.url()).hash).toBe('#surface=virtual_transport_surface&lane=webkit.window.direct')

  await page.getByRole('button', { name: /^mismatch/ }).click()
  await expect(page.getByRole('status')).toHaveText('2 of 240 cells')
  await page.getByRole('searchbox', { name: 'scenario' }).fill('S9')
  await expect(page.getByRole('status')).toHaveText('1 of 240 cells')
  expect(new URL(page.url()).hash).toBe('#surface=virtual_transport_surface&class=semantic_mismatch&lane=webkit.window.direct&q=S9')

  const link = page.getByRole('link', { name: 'websocket.made.s9' })
  await link.focus()
  // Keys from a stock WebKit's inspector are untrusted events: no link follows them.
  if (info.project.name === 'webkit') await link.click()
  else await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 2, name: 'websocket.made.s9' })).toBeFocused()
  expect(new URL(page.url()).hash).toContain(`&cell=${CELL}`)
  const first = page.locator('tr[data-first]')
  await expect(first.getByRole('rowheader')).toHaveText('▶channel.c.message')
  await expect(first).toContainText('first difference')
  await expect(first).toContainText('"other"')
  await expect(page.getByText('npx lanecheck verify --cell webkit.window/websocket.made.s9')).toBeVisible()
  for (const name of ['page: the recorder', 'peer: the loopback server']) await expect(page.getByRole('heading', { name })).toBeVisible()
  await first.getByRole('link', { name: 'finding 1' }).click()
  expect(await focused(page)).toContain('channels.c.received[0]')

  await page.getByRole('link', { name: '← all cells' }).click()
  await expect(link).toBeFocused()
  await expect(page.getByRole('status')).toHaveText('1 of 240 cells')
  await page.goBack()
  await expect(page.getByRole('heading', { level: 2, name: 'websocket.made.s9' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('T0: the HTML report takes nothing of the evidence for markup and asks for nothing outside itself', async ({ desk: { page, open, complaints, asked } }) => {
  const before = asked().length
  await open(24, '#cell=chromium.window/timer.made.s0')
  await expect(page.locator('.lead')).toHaveText(`Made up, number 0 ${NASTY}`)
  await open(24, '#cell=chromium.window/websocket.made.s1')
  await expect(page.locator('.witnesses')).toContainText(JSON.stringify(NASTY).slice(0, 20))
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.title()).not.toBe('planted')
  // What was planted after all would be stopped by the page's own policy.
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.planted = true'
    document.body.append(script)
    return 'planted' in window
  })
  expect(ran).toBe(false)
  expect(complaints.filter((line) => !/Content.Security.Policy|Refused to/i.test(line))).toEqual([])
  expect(asked().slice(before).filter((host) => !/google|mozilla|firefox/.test(host))).toEqual([])
})

test('T0: the HTML report has no fault that axe knows, light and dark, wide and narrow', async ({ desk: { page, open } }) => {
  const bridged = 'cell=firefox.shared_worker/timer.made.s0'
  for (const [theme, width, places] of [['light', 1280, ['', `cell=${CELL}`]], ['dark', 1280, ['', bridged]], ['light', 390, ['', `cell=${CELL}`]]] as const) {
    if (!(await resized(page, width))) continue
    for (const place of places) {
      await open(120, `#theme=${theme}&${place}`, true)
      await page.locator(place === '' ? '.list a' : '#again-title').first().waitFor()
      expect(await wrongs(page), `${theme} ${width} ${place}`).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${width} ${place}: wider than the window`).toBeLessThanOrEqual(0)
    }
  }
})

test('T0: the HTML report of 5,000 cells keeps few elements, and scrolls to its last cell', async ({ desk: { page, open } }) => {
  await open(5000)
  await expect(page.getByRole('status')).toHaveText('5,000 cells')
  const elements = (): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length)
  expect(await elements()).toBeLessThan(2000)
  await expect(async () => {
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
    await expect(page.locator('tr[aria-rowindex="5001"]')).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 20_000 })
  expect(await elements()).toBeLessThan(2000)
  expect(await page.locator('table.list').getAttribute('aria-rowcount')).toBe('5001')
  await page.locator('tr[aria-rowindex="5001"] a').click()
  await expect(page.locator('#again-title')).toBeVisible()
})

/** A stock WebKit under its own window keeps that window's size. */
async function resized(page: Page, width: number): Promise<boolean> {
  const done = await page.setViewportSize({ width, height: 900 }).then(() => true, () => false)
  return done || width > 1000
}
