/** One property of one object, as it was: its value, or its getter and setter. */
interface Kept { holder: object; name: PropertyKey; value: unknown; get: unknown; set: unknown }

const isObject = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function'

/** Own properties of all that can be reached from `roots`, in order; what a script can change for the next one is among them. */
function propertiesOf(roots: readonly object[], skip: ReadonlySet<PropertyKey>): Kept[] {
  const kept: Kept[] = []
  const seen = new Set<object>(roots)
  // A set is walked in the order in which it grows.
  for (const holder of seen) {
    const reach = (value: unknown): void => { if (isObject(value)) seen.add(value) }
    reach(Object.getPrototypeOf(holder))
    for (const name of Reflect.ownKeys(holder)) {
      if (roots.includes(holder) && skip.has(name)) continue
      const property = Object.getOwnPropertyDescriptor(holder, name)
      if (property === undefined) continue
      const { value, get, set } = property
      kept.push({ holder, name, value, get, set })
      ;[value, get, set].forEach(reach)
    }
  }
  return kept
}

const same = (one: Kept, other: Kept | undefined): boolean =>
  other !== undefined && one.holder === other.holder && one.name === other.name && Object.is(one.value, other.value) && one.get === other.get && one.set === other.set

/**
 * Remembers everything that scripts evaluated one after another would share, and says later what of it was changed:
 * names of properties, a few at most; empty when nothing was.
 */
export function rememberShared(roots: readonly object[], skip: ReadonlySet<PropertyKey>): () => string[] {
  const before = propertiesOf(roots, skip)
  return () => {
    const after = propertiesOf(roots, skip)
    const at = after.findIndex((property, index) => !same(property, before[index]))
    if (at < 0 && after.length === before.length) return []
    return [String((after[at] ?? before[after.length])?.name)]
  }
}
