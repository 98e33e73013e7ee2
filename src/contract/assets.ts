/**
 * Files that an artifact fetches by URL instead of carrying them. They are named by their content, and the artifact's first line lists
 * them: its digest, and with it `config_hash`, stands for their bytes too.
 */

/** Bytes by name, as in `<sha256>.wasm`. */
export type Assets = ReadonlyMap<string, Uint8Array>
export const NO_ASSETS: Assets = new Map()

const NAME = /^[0-9a-f]{64}\.[a-z0-9]{1,8}$/
const HEADER = /^\/\*! lanecheck-assets((?: [0-9a-f]{64}\.[a-z0-9]{1,8})+) \*\/\n/

/** Whether a text may name an asset: its SHA-256 in lower-case hex, and what its file ends in. */
export const isAssetName = (text: string): boolean => NAME.test(text)

/** The SHA-256 that an asset's name says its bytes have. */
export const digestInName = (name: string): string => name.slice(0, 64)

/** A script that lists its assets in its first line; unchanged when there are none. */
export const withAssetList = (source: string, names: readonly string[]): string =>
  (names.length === 0 ? source : `/*! lanecheck-assets ${[...names].sort().join(' ')} */\n${source}`)

/** The assets that a script lists, in order; empty when it lists none. */
export const assetsOf = (source: string): string[] => HEADER.exec(source)?.[1]?.trim().split(' ') ?? []

/** Where a realm finds its assets: beside its page or script. */
export const ASSET_FOLDER = 'assets/'
