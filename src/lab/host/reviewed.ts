/** ECMAScript's own globals, of which none knows the machine once the lab has changed what did. What an engine adds to these is taken away until somebody has looked at it. */
export const ECMASCRIPT = new Set(`
  AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date DisposableStack Error EvalError
  FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object
  Promise Proxy RangeError ReferenceError Reflect RegExp Set String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN
  parseFloat parseInt undefined unescape
`.trim().split(/\s+/))

/** Of namespaces that reach beyond plain computing: the members that were looked at. */
export const REVIEWED_MEMBERS: Record<string, ReadonlySet<string>> = {
  WebAssembly: new Set([
    'compile', 'validate', 'instantiate', 'compileStreaming', 'instantiateStreaming', 'Module', 'Instance', 'Table', 'Memory', 'Global', 'Tag', 'JSTag', 'Exception',
    'CompileError', 'LinkError', 'RuntimeError',
  ]),
  Atomics: new Set(['load', 'store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange', 'isLockFree', 'wait', 'notify', 'pause']),
  Intl: new Set([
    'getCanonicalLocales', 'supportedValuesOf', 'DateTimeFormat', 'NumberFormat', 'Collator', 'PluralRules', 'RelativeTimeFormat', 'ListFormat', 'Locale',
    'DisplayNames', 'Segmenter', 'DurationFormat',
  ]),
}
