/* tslint:disable */
/* eslint-disable */

export class Alarms {
    free(): void;
    [Symbol.dispose](): void;
    constructor();
    /**
     * Calls `ring` once after `ms` milliseconds. The number stops it.
     */
    set(ms: number, ring: Function): number;
    /**
     * Stops one; one that has rung or was stopped is left alone.
     */
    stop(id: number): void;
    stop_all(): void;
}

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_alarms_free: (a: number, b: number) => void;
    readonly alarms_new: () => number;
    readonly alarms_set: (a: number, b: number, c: any) => number;
    readonly alarms_stop: (a: number, b: number) => void;
    readonly alarms_stop_all: (a: number) => void;
    readonly wasm_bindgen_b93a078359efa9dd___closure__destroy___dyn_core_b31b7de2bade8182___ops__function__FnMut_____Output_______: (a: number, b: number) => void;
    readonly wasm_bindgen_b93a078359efa9dd___convert__closures_____invoke______: (a: number, b: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
