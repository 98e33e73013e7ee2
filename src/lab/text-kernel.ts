import { createHash } from 'node:crypto'
import type { LabKernel } from './kernel-types.js'

const PARTS = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const
const DIGESTS: Record<string, string> = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' }

const encoder = new TextEncoder()
const partsOf = (url: URL): string => JSON.stringify(Object.fromEntries(PARTS.map((part) => [part, url[part]])))

function decoder(label: string, fatal: boolean, ignoreBOM: boolean): ReturnType<LabKernel['decoder']> {
  let made: TextDecoder
  try {
    made = new TextDecoder(label, { fatal, ignoreBOM })
  } catch {
    return null
  }
  return {
    encoding: made.encoding,
    decode(bytes, stream) {
      try {
        return made.decode(bytes, { stream })
      } catch {
        return null
      }
    },
  }
}

const orNull = (convert: (text: string) => string) => (text: string): string | null => {
  try {
    return convert(text)
  } catch {
    return null
  }
}

/** What the inside borrows from Node because it depends on its input alone: text codecs, addresses, digests. */
export const textKernel: Pick<LabKernel, 'parseUrl' | 'changeUrl' | 'encode' | 'encodeInto' | 'decoder' | 'fromBase64' | 'toBase64' | 'digest' | 'detach'> = {
  parseUrl(input, base) {
    try {
      return partsOf(base === null ? new URL(input) : new URL(input, base))
    } catch {
      return null
    }
  },
  changeUrl(href, part, value) {
    const url = new URL(href)
    ;(url as unknown as Record<string, string>)[part] = value
    return partsOf(url)
  },
  encode: (text) => encoder.encode(text),
  encodeInto(text, target) {
    const { read, written } = encoder.encodeInto(text, target)
    return [read, written]
  },
  decoder,
  fromBase64: orNull(atob),
  toBase64: orNull(btoa),
  digest(algorithm, bytes) {
    const name = DIGESTS[algorithm]
    return name === undefined ? null : createHash(name).update(bytes).digest()
  },
  detach(buffer) {
    structuredClone(buffer, { transfer: [buffer] })
  },
}
