import { exposeInterfaces } from './expose.js'
import { kernel } from './kernel.js'
import { TextDecoder } from './text.js'

const CHANGEABLE = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const
type Parts = Record<(typeof CHANGEABLE)[number] | 'origin', string>
type Pair = [string, string]

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')
const encodePart = (text: string): string =>
  encodeURIComponent(wellFormed(text)).replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`).replace(/%20/g, '+')

function decodePart(text: string): string {
  const plain = text.replace(/\+/g, ' ')
  if (!plain.includes('%')) return plain
  const latin = unescape(encodeURIComponent(wellFormed(plain)).replace(/%25([0-9a-f]{2})/gi, '%$1'))
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(latin, (character) => character.charCodeAt(0)))
}

function parsePairs(query: string): Pair[] {
  return query.replace(/^\?/, '').split('&').filter((part) => part !== '').map((part) => {
    const at = part.indexOf('=')
    return at < 0 ? [decodePart(part), ''] : [decodePart(part.slice(0, at)), decodePart(part.slice(at + 1))]
  })
}

const CHANGED = Symbol('changed')

export class URLSearchParams {
  #pairs: Pair[];
  [CHANGED]: ((query: string) => void) | null = null
  constructor(init: unknown = '') {
    if (typeof init === 'object' && init !== null) {
      const entries = Symbol.iterator in init ? [...(init as Iterable<Iterable<unknown>>)].map((pair) => [...pair]) : Object.entries(init)
      if (entries.some((pair) => pair.length !== 2)) throw new TypeError('URLSearchParams wants pairs of a name and a value')
      this.#pairs = entries.map(([name, value]) => [String(name), String(value)])
    } else this.#pairs = parsePairs(String(init))
  }
  #changed(): void { this[CHANGED]?.(this.toString()) }
  get size(): number { return this.#pairs.length }
  append(name: string, value: string): void {
    this.#pairs.push([String(name), String(value)])
    this.#changed()
  }
  delete(name: string, value?: string): void {
    this.#pairs = this.#pairs.filter(([own, its]) => own !== name || (value !== undefined && its !== value))
    this.#changed()
  }
  get(name: string): string | null { return this.#pairs.find(([own]) => own === name)?.[1] ?? null }
  getAll(name: string): string[] { return this.#pairs.filter(([own]) => own === name).map(([, value]) => value) }
  has(name: string, value?: string): boolean { return this.#pairs.some(([own, its]) => own === name && (value === undefined || its === value)) }
  set(name: string, value: string): void {
    const first = this.#pairs.find(([own]) => own === name)
    if (first === undefined) this.#pairs.push([String(name), String(value)])
    else {
      first[1] = String(value)
      this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== name)
    }
    this.#changed()
  }
  sort(): void {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    this.#changed()
  }
  forEach(callback: (value: string, name: string, parent: URLSearchParams) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this)
  }
  *entries(): IterableIterator<Pair> { for (const [name, value] of this.#pairs) yield [name, value] }
  *keys(): IterableIterator<string> { for (const [name] of this.#pairs) yield name }
  *values(): IterableIterator<string> { for (const [, value] of this.#pairs) yield value }
  [Symbol.iterator](): IterableIterator<Pair> { return this.entries() }
  toString(): string { return this.#pairs.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join('&') }
}

export class URL {
  #parts: Parts
  #params: URLSearchParams | null = null
  constructor(input: unknown, base?: unknown) {
    const parts = kernel.parseUrl(String(input), base === undefined ? null : String(base))
    if (parts === null) throw new TypeError(`Failed to construct 'URL': Invalid URL`)
    this.#parts = JSON.parse(parts) as Parts
  }
  static canParse(input: unknown, base?: unknown): boolean {
    return kernel.parseUrl(String(input), base === undefined ? null : String(base)) !== null
  }
  static {
    for (const part of CHANGEABLE) {
      Object.defineProperty(URL.prototype, part, {
        configurable: true,
        enumerable: true,
        get(this: URL) { return this.#parts[part] },
        set(this: URL, value: unknown) { this.#change(part, String(value)) },
      })
    }
  }
  #change(part: string, value: string): void {
    if (part === 'href' && !URL.canParse(value)) throw new TypeError('Invalid URL')
    this.#parts = JSON.parse(kernel.changeUrl(this.#parts.href, part, value)) as Parts
    if (part === 'search' || part === 'href') this.#params = null
  }
  get origin(): string { return this.#parts.origin }
  get searchParams(): URLSearchParams {
    if (this.#params === null) {
      this.#params = new URLSearchParams(this.#parts.search)
      this.#params[CHANGED] = (query) => { this.#parts = JSON.parse(kernel.changeUrl(this.#parts.href, 'search', query)) as Parts }
    }
    return this.#params
  }
  toString(): string { return this.#parts.href }
  toJSON(): string { return this.#parts.href }
}
export interface URL extends Record<(typeof CHANGEABLE)[number], string> {}

export function installUrl(): void {
  exposeInterfaces({ URL, URLSearchParams })
}
