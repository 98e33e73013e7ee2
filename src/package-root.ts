import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LanecheckError } from './contract/errors.js'

let found: { root: string; version: string } | null = null

function find(): { root: string; version: string } {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string; version?: string }
    if (name === 'lanecheck') return { root: folder, version: version ?? '0.0.0' }
  }
  throw new LanecheckError('internal', 'the folder of the lanecheck package was not found')
}

/** The folder of this package, installed or cloned. Throws `internal` when it cannot be found. */
export const packageRoot = (): string => (found ??= find()).root
/** The version of this package. */
export const packageVersion = (): string => (found ??= find()).version
