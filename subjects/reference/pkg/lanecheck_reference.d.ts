/* tslint:disable */
/* eslint-disable */
export interface RequestPlan {
    method: string
    headers: Record<string, string>
    body: string | Uint8Array | null
    redirect: 'follow' | 'error'
}
export interface ExchangeEvents {
    head(status: number, redirected: boolean, headers: Record<string, string>): void
    chunk(bytes: Uint8Array): void
    end(): void
    error(name: string, message: string): void
    cancelled(): void
}

export interface SocketEvents {
    open(protocol: string): void
    message(data: string | Uint8Array): void
    error(): void
    close(code: number, reason: string, clean: boolean): void
}


/**
 * Everything the subject keeps alive, by handles that are plain numbers.
 */
export class Runtime {
    free(): void;
    [Symbol.dispose](): void;
    constructor();
    /**
     * Panics with this message, so that a test can see how a panic arrives.
     */
    panic(message: string): void;
    requestCancel(exchange: number): void;
    requestSend(url: string, plan: RequestPlan, events: ExchangeEvents): number;
    /**
     * Clears all timers, closes all channels with 1000 and cancels all exchanges; resolves when none is left.
     */
    shutdown(): Promise<void>;
    socketClose(socket: number, code?: number | null, reason?: string | null): void;
    socketOpen(url: string, protocols: Array<any>, events: SocketEvents): number;
    socketSend(socket: number, data: string | Uint8Array): void;
    timerClear(timer: number): void;
    timerDeadline(ms: number, expire: Function): number;
    timerInterval(ms: number, fire: Function): number;
    timerSet(ms: number, fire: Function): number;
}

/**
 * A panic leaves as a `WebAssembly.RuntimeError` with its message, not as a bare `unreachable`.
 */
export function install_panic_hook(): void;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_runtime_free: (a: number, b: number) => void;
    readonly install_panic_hook: () => void;
    readonly runtime_new: () => number;
    readonly runtime_panic: (a: number, b: number, c: number) => void;
    readonly runtime_requestCancel: (a: number, b: number) => void;
    readonly runtime_requestSend: (a: number, b: number, c: number, d: any, e: any) => [number, number, number];
    readonly runtime_shutdown: (a: number) => any;
    readonly runtime_socketClose: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly runtime_socketOpen: (a: number, b: number, c: number, d: any, e: any) => [number, number, number];
    readonly runtime_socketSend: (a: number, b: number, c: any) => [number, number];
    readonly runtime_timerClear: (a: number, b: number) => void;
    readonly runtime_timerDeadline: (a: number, b: number, c: any) => [number, number, number];
    readonly runtime_timerInterval: (a: number, b: number, c: any) => [number, number, number];
    readonly runtime_timerSet: (a: number, b: number, c: any) => [number, number, number];
    readonly wasm_bindgen_b5cd9d515a4e3f3a___closure__destroy___dyn_core_b31b7de2bade8182___ops__function__Fn__wasm_bindgen_b5cd9d515a4e3f3a___JsValue____Output___core_b31b7de2bade8182___result__Result_____wasm_bindgen_b5cd9d515a4e3f3a___JsValue___: (a: number, b: number) => void;
    readonly wasm_bindgen_b5cd9d515a4e3f3a___closure__destroy___dyn_core_b31b7de2bade8182___ops__function__FnMut__wasm_bindgen_b5cd9d515a4e3f3a___JsValue____Output_______: (a: number, b: number) => void;
    readonly wasm_bindgen_b5cd9d515a4e3f3a___convert__closures_____invoke___wasm_bindgen_b5cd9d515a4e3f3a___JsValue__core_b31b7de2bade8182___result__Result_____wasm_bindgen_b5cd9d515a4e3f3a___JsValue__: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen_b5cd9d515a4e3f3a___convert__closures_____invoke___wasm_bindgen_b5cd9d515a4e3f3a___JsValue__wasm_bindgen_b5cd9d515a4e3f3a___JsValue_____: (a: number, b: number, c: any, d: any) => void;
    readonly wasm_bindgen_b5cd9d515a4e3f3a___convert__closures_____invoke___core_b31b7de2bade8182___result__Result_____wasm_bindgen_b5cd9d515a4e3f3a___JsValue__: (a: number, b: number) => [number, number];
    readonly wasm_bindgen_b5cd9d515a4e3f3a___convert__closures_____invoke___wasm_bindgen_b5cd9d515a4e3f3a___JsValue_____: (a: number, b: number, c: any) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
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
