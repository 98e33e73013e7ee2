import { describe, expect, it } from 'vitest'
import { findEngine } from '../../../../lanes/engines/find.js'
import type { Machine } from '../../../../lanes/engines/machine.js'

/** A machine on which only these programs exist. */
function machine(programs: string[], rest: Partial<Machine> = {}): Machine {
  const folders = (path: string): string[] => [...new Set(programs.filter((one) => one.startsWith(`${path}/`)).map((one) => one.slice(path.length + 1).split('/', 1)[0] as string))]
  return {
    platform: 'linux', is_root: true, os_family: ['debian'],
    exists: (path) => programs.includes(path), isExecutable: (path) => programs.includes(path) && !path.endsWith('.txt'),
    realPath: (path) => path, list: folders, playwrightBuild: () => null, ...rest,
  }
}
const GTK = '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser'
const PW = '/home/someone/.cache/ms-playwright/firefox-1/firefox/firefox'

describe('T0: findEngine', () => {
  it('names the system browsers of Debian as what they are', () => {
    const debian = machine(['/usr/bin/chromium', '/usr/bin/firefox-esr', GTK, '/usr/bin/Xvfb'])
    expect(findEngine('chromium', {}, debian)).toEqual({ found: true, engine: 'chromium', engine_product: 'debian-chromium', executable_path: '/usr/bin/chromium', driver_kind: 'cdp' })
    expect(findEngine('firefox', {}, debian)).toEqual({ found: true, engine: 'firefox', engine_product: 'firefox-esr', executable_path: '/usr/bin/firefox-esr', driver_kind: 'bidi' })
    expect(findEngine('webkit', {}, debian)).toEqual({ found: true, engine: 'webkit', engine_product: 'webkitgtk', executable_path: GTK, driver_kind: 'webkit-inspector' })
  })

  it('calls a Chromium of another system, a Chrome and a plain Firefox by no Debian name', () => {
    expect(findEngine('chromium', {}, machine(['/usr/bin/chromium'], { os_family: ['fedora'] }))).toMatchObject({ engine_product: 'system-chromium' })
    expect(findEngine('chromium', {}, machine(['/usr/bin/google-chrome']))).toMatchObject({ engine_product: 'system-chromium' })
    expect(findEngine('firefox', {}, machine(['/usr/bin/firefox']))).toMatchObject({ engine_product: 'system-firefox', driver_kind: 'bidi' })
  })

  it('sees a firefox-esr behind a link named firefox', () => {
    const linked = machine(['/usr/bin/firefox'], { realPath: () => '/usr/lib/firefox-esr/firefox-esr' })
    expect(findEngine('firefox', {}, linked)).toMatchObject({ engine_product: 'firefox-esr' })
  })

  it('looks along PATH', () => {
    expect(findEngine('chromium', { PATH: '/opt/a:/opt/b' }, machine(['/opt/b/chromium']))).toMatchObject({ executable_path: '/opt/b/chromium', engine_product: 'system-chromium' })
  })

  it("takes Playwright's own build before the system's, and only when it is there", () => {
    const both = machine([PW, '/usr/bin/firefox-esr'], { playwrightBuild: () => PW })
    expect(findEngine('firefox', {}, both)).toMatchObject({ engine_product: 'playwright-firefox', executable_path: PW, driver_kind: 'juggler' })
    const promised = machine(['/usr/bin/firefox-esr'], { playwrightBuild: () => PW })
    expect(findEngine('firefox', {}, promised)).toMatchObject({ engine_product: 'firefox-esr' })
  })

  it('takes a named path before all others', () => {
    const all = machine(['/opt/my/firefox', PW, '/usr/bin/firefox-esr'], { playwrightBuild: () => PW })
    expect(findEngine('firefox', { LANECHECK_FIREFOX: '/opt/my/firefox' }, all)).toMatchObject({ engine_product: 'custom-firefox', executable_path: '/opt/my/firefox', driver_kind: 'bidi' })
  })

  it("gives a named path its own name when it is the system's or Playwright's", () => {
    const all = machine([PW, '/usr/bin/firefox-esr'], { playwrightBuild: () => PW })
    expect(findEngine('firefox', { LANECHECK_FIREFOX: '/usr/bin/firefox-esr' }, all)).toMatchObject({ engine_product: 'firefox-esr' })
    expect(findEngine('firefox', { LANECHECK_FIREFOX: PW }, all)).toMatchObject({ engine_product: 'playwright-firefox', driver_kind: 'juggler' })
  })

  it("knows Playwright's patched Firefox by the file beside it", () => {
    const patched = machine(['/opt/pw/firefox', '/opt/pw/playwright.cfg'])
    expect(findEngine('firefox', { LANECHECK_FIREFOX: '/opt/pw/firefox' }, patched)).toMatchObject({ engine_product: 'custom-firefox', driver_kind: 'juggler' })
  })

  it('never falls back from a named path that is not there', () => {
    const answer = findEngine('chromium', { LANECHECK_CHROMIUM: '/nowhere/chromium' }, machine(['/usr/bin/chromium']))
    expect(answer).toMatchObject({ found: false, reason: 'LANECHECK_CHROMIUM names /nowhere/chromium, which does not exist' })
  })

  it('says when a named path is no program', () => {
    const answer = findEngine('chromium', { LANECHECK_CHROMIUM: '/etc/notes.txt' }, machine(['/etc/notes.txt']))
    expect(answer).toMatchObject({ found: false, reason: 'LANECHECK_CHROMIUM names /etc/notes.txt, which is not executable' })
  })

  it('names the package to install, with sudo only for those who need it', () => {
    expect(findEngine('webkit', {}, machine([]))).toMatchObject({ found: false, install: 'apt-get install -y --no-install-recommends libwebkit2gtk-4.1-0 xvfb' })
    expect(findEngine('firefox', {}, machine([], { is_root: false }))).toMatchObject({ install: 'sudo apt-get install -y --no-install-recommends firefox-esr' })
    expect(findEngine('chromium', {}, machine([], { os_family: ['fedora'] }))).toMatchObject({ install: 'npx playwright install --with-deps chromium' })
  })

  it('wants Xvfb for a WebKitGTK only where there is no display', () => {
    const noXvfb = machine([GTK])
    expect(findEngine('webkit', {}, noXvfb)).toMatchObject({ found: false, install: 'apt-get install -y --no-install-recommends xvfb' })
    expect(findEngine('webkit', { DISPLAY: '' }, noXvfb)).toMatchObject({ found: false })
    expect(findEngine('webkit', { DISPLAY: ':0' }, noXvfb)).toMatchObject({ found: true })
  })

  it("wants no Xvfb for Playwright's WebKit", () => {
    const own = '/home/someone/.cache/ms-playwright/webkit-1/pw_run.sh'
    expect(findEngine('webkit', {}, machine([own], { playwrightBuild: () => own }))).toMatchObject({ found: true, engine_product: 'playwright-webkit' })
  })
})
