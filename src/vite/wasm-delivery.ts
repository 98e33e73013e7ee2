/** How a package's wasm comes into a realm: as a part of the script, or fetched from beside it. */
export const WASM_DELIVERIES = ['inline', 'url'] as const
export type WasmDelivery = (typeof WASM_DELIVERIES)[number]
