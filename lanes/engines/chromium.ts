import { chromium } from 'playwright'
import { launchPlaywrightBrowser } from './playwright-browser.js'
import type { EngineFound, LaunchOptions, RunningEngine } from './types.js'

const ARGS = [
  // Fewer calls of the browser's own to the outside.
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic',
  // Names are the proxy's business; nothing asks the machine's resolver.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  // Pages side by side keep their timers.
  '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding',
]

/** Launches a Chromium over CDP. Throws `engine_launch_failed` or `interrupted`. */
export function launchChromium(found: EngineFound, options: LaunchOptions): Promise<RunningEngine> {
  // Chromium refuses to run its sandbox as root.
  const isRoot = process.getuid?.() === 0
  const args = [...ARGS, ...proxyArgs(options.proxy_url), ...trustArgs(options.spki_sha256 ?? null), ...(isRoot ? ['--no-sandbox'] : [])]
  return launchPlaywrightBrowser(chromium, found, options, { args, chromiumSandbox: !isRoot })
}

/** That one key, and no other certificate that does not stand by itself. */
const trustArgs = (spki_sha256: string | null): string[] => (spki_sha256 === null ? [] : [`--ignore-certificate-errors-spki-list=${spki_sha256}`])

/** `<-loopback>` takes away Chromium's own exception for every name of this machine, which Playwright's proxy option leaves beside a bypass. */
const proxyArgs = (proxy_url: string): string[] => [`--proxy-server=${proxy_url}`, '--proxy-bypass-list=<-loopback>;127.0.0.1']
