/** What takes globals away from a realm; `paths` is put in as JSON. It leaves no name of its own behind. */
const TAKE_AWAY = `(paths => {
  for (const path of paths) {
    const names = path.split('.'), last = names.pop()
    let holder = globalThis
    for (const name of names) holder = holder?.[name]
    for (let at = holder; at; at = Object.getPrototypeOf(at)) try { delete at[last] } catch {}
    try { if (holder && last in holder) Object.defineProperty(holder, last, { value: undefined, configurable: true }) } catch {}
  }
})`

/** A realm's script that is evaluated without some globals, which go before anything can keep them; unchanged when there are none. */
export const withoutGlobals = (paths: readonly string[], artifact: Buffer): Buffer =>
  (paths.length === 0 ? artifact : Buffer.concat([Buffer.from(`${TAKE_AWAY}(${JSON.stringify(paths)});\n`), artifact]))
