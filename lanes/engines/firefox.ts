import { firefox } from 'playwright'
import { launchPlaywrightBrowser, throughProxy } from './playwright-browser.js'
import type { EngineFound, LaunchOptions, RunningEngine } from './types.js'

const PREFS = {
  // Pages side by side keep their timers.
  'dom.min_background_timeout_value': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
  'dom.ipc.processPriorityManager.enabled': false,
  // A cell whose peer refuses must not make the next cell's first connection wait.
  'network.websocket.delay-failed-reconnects': false,
  // Fewer calls of the browser's own to the outside.
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'dom.push.connection.enabled': false,
  'network.trr.mode': 5,
  // Nothing past the proxy: no name is looked up, no UDP goes out.
  'network.dns.disabled': true,
  'media.peerconnection.ice.proxy_only': true,
  'network.http.http3.enable': false,
}

/**
 * Launches a Firefox: a stock one over WebDriver BiDi, Playwright's own over Juggler. Throws `engine_launch_failed` or `interrupted`.
 * Over BiDi, Playwright 1.64 hands on its proxy for `http:` and `ws:` only and `https:` would go out directly, so there the preferences say it.
 * It knows no one key to trust: a context takes any certificate, but nothing outside 127.0.0.1 can be reached to show one.
 */
export function launchFirefox(found: EngineFound, options: LaunchOptions): Promise<RunningEngine> {
  const trust = { ignoreHTTPSErrors: (options.spki_sha256 ?? null) !== null }
  if (found.driver_kind !== 'bidi') return launchPlaywrightBrowser(firefox, found, options, { proxy: throughProxy(options.proxy_url), firefoxUserPrefs: PREFS, env: ENV }, trust)
  return launchPlaywrightBrowser(firefox, found, options, { channel: 'moz-firefox', firefoxUserPrefs: { ...PREFS, ...proxyPrefs(options.proxy_url) }, env: ENV }, trust)
}

/** A release build takes `services.settings.server` from the preferences only then. */
const ENV = { MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' }

function proxyPrefs(proxy_url: string): Record<string, string | number | boolean> {
  const { hostname, port } = new URL(proxy_url)
  return {
    'network.proxy.type': 1,
    'network.proxy.http': hostname,
    'network.proxy.http_port': Number(port),
    'network.proxy.ssl': hostname,
    'network.proxy.ssl_port': Number(port),
    'network.proxy.failover_direct': false,
    // As in the other engines, 127.0.0.1 goes direct and no other name of this machine.
    'network.proxy.allow_hijacking_localhost': true,
    'network.proxy.no_proxies_on': '127.0.0.1',
  }
}
