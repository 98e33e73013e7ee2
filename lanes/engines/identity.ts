import { createRequire } from 'node:module'
import { arch, release, type } from 'node:os'
import type { EngineIdentity } from '../../src/contract/host.js'
import { osRelease } from './machine.js'
import type { EngineFound } from './types.js'

/** What exactly runs, for every record of this engine. */
export function identify(found: EngineFound, engine_version: string): EngineIdentity {
  const require = createRequire(import.meta.url)
  const { version } = require('playwright/package.json') as { version: string }
  return {
    engine: found.engine,
    engine_product: found.engine_product,
    engine_version,
    driver: `playwright-${version}/${found.driver_kind}`,
    os: `${osRelease('PRETTY_NAME') ?? `${type()} ${release()}`}, ${arch()}`,
  }
}
