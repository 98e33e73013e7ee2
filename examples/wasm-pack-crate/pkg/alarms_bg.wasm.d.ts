/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const __wbg_alarms_free: (a: number, b: number) => void;
export const alarms_new: () => number;
export const alarms_set: (a: number, b: number, c: any) => number;
export const alarms_stop: (a: number, b: number) => void;
export const alarms_stop_all: (a: number) => void;
export const wasm_bindgen_b93a078359efa9dd___closure__destroy___dyn_core_b31b7de2bade8182___ops__function__FnMut_____Output_______: (a: number, b: number) => void;
export const wasm_bindgen_b93a078359efa9dd___convert__closures_____invoke______: (a: number, b: number) => void;
export const __wbindgen_exn_store: (a: number) => void;
export const __externref_table_alloc: () => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_start: () => void;
