import { launchChromium } from './chromium.js'
import { launchFirefox } from './firefox.js'
import { launchWebkit } from './webkit.js'
import type { EngineFound, LaunchOptions, RunningEngine } from './types.js'

export type { EngineFound, EngineMissing, EnginePage, LaunchOptions, RunningEngine } from './types.js'

const LAUNCHERS = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebkit }

/** Launches an engine that was found, walled in by the refusing proxy, within `limit_ms`. Throws `engine_launch_failed` or `interrupted`. */
export function launchEngine(found: EngineFound, options: LaunchOptions): Promise<RunningEngine> {
  return LAUNCHERS[found.engine](found, options)
}
