type Pair = [string, string]
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export class Headers {
  #pairs: Pair[] = []
  constructor(init?: unknown) {
    if (init === undefined || init === null) return
    const entries = Symbol.iterator in (init as object) ? [...(init as Iterable<Iterable<unknown>>)].map((pair) => [...pair]) : Object.entries(init)
    for (const pair of entries) {
      if (pair.length !== 2) throw new TypeError('Headers wants pairs of a name and a value')
      this.append(String(pair[0]), String(pair[1]))
    }
  }
  append(name: string, value: string): void {
    this.#pairs.push([checkedName(name), checkedValue(value)])
  }
  set(name: string, value: string): void {
    const [own, its] = [checkedName(name), checkedValue(value)]
    const first = this.#pairs.findIndex(([known]) => known === own)
    if (first < 0) this.#pairs.push([own, its])
    else this.#pairs = this.#pairs.flatMap((pair, index) => (index === first ? [[own, its] as Pair] : pair[0] === own ? [] : [pair]))
  }
  delete(name: string): void {
    const own = checkedName(name)
    this.#pairs = this.#pairs.filter(([known]) => known !== own)
  }
  get(name: string): string | null {
    const own = checkedName(name)
    const values = this.#pairs.filter(([known]) => known === own).map(([, value]) => value)
    return values.length === 0 ? null : values.join(', ')
  }
  has(name: string): boolean { return this.get(name) !== null }
  getSetCookie(): string[] { return this.#pairs.filter(([name]) => name === 'set-cookie').map(([, value]) => value) }
  forEach(callback: (value: string, name: string, parent: Headers) => void): void { for (const [name, value] of this.entries()) callback(value, name, this) }
  *entries(): IterableIterator<Pair> {
    for (const name of [...new Set(this.#pairs.map(([own]) => own))].sort()) {
      if (name === 'set-cookie') for (const cookie of this.getSetCookie()) yield [name, cookie]
      else yield [name, this.get(name)!]
    }
  }
  *keys(): IterableIterator<string> { for (const [name] of this.entries()) yield name }
  *values(): IterableIterator<string> { for (const [, value] of this.entries()) yield value }
  [Symbol.iterator](): IterableIterator<Pair> { return this.entries() }
}

function checkedName(name: string): string {
  if (!TOKEN.test(String(name))) throw new TypeError(`Invalid header name: ${name}`)
  return String(name).toLowerCase()
}

function checkedValue(value: string): string {
  const trimmed = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
  if (/[\0\n\r]|[^\0-\xff]/.test(trimmed)) throw new TypeError('Invalid header value')
  return trimmed
}
