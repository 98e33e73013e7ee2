import { ASSET_FOLDER } from '../src/contract/assets.js'
import { INJECTED_HOST, type InjectedHost } from '../src/contract/injected-host.js'

/** Where the assets of this artifact are: what the injected host says, else beside the realm's page or script. */
export const ASSET_BASE: string = baseHere()

function baseHere(): string {
  const injected = (globalThis as unknown as Record<string, InjectedHost | undefined>)[INJECTED_HOST]
  return injected?.asset_base ?? (typeof location === 'undefined' ? '' : new URL(ASSET_FOLDER, location.href).href)
}

/** The URL of one of the artifact's assets. */
export const assetUrl = (name: string): string => ASSET_BASE + name
