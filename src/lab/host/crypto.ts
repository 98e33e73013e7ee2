import { bytesOf } from './bytes.js'
import { DOMException } from './dom-exception.js'
import { exposeInterfaces, expose } from './expose.js'
import { kernel } from './kernel.js'
import { seededWords } from './random.js'
import { recordingAbsences } from './absent.js'
import { settled } from './tasks.js'

const QUOTA = 65_536
const RANDOM_STREAM = 1
const CRYPTO_STREAM = 2
const INTEGER_ARRAYS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]

class SubtleCrypto {
  digest(algorithm: string | { name: string }, data: BufferSource): Promise<ArrayBuffer> {
    const name = String(typeof algorithm === 'object' ? algorithm.name : algorithm).toUpperCase()
    try {
      const bytes = bytesOf(data).slice()
      return settled(() => {
        const digest = kernel.digest(name, bytes)
        if (digest === null) throw new DOMException('Algorithm: Unrecognized name', 'NotSupportedError')
        return new Uint8Array(digest).buffer
      })
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

class Crypto {
  readonly #word = seededWords(kernel.seed, CRYPTO_STREAM)
  readonly subtle = recordingAbsences(new SubtleCrypto(), 'crypto.subtle')
  getRandomValues<Numbers extends ArrayBufferView>(target: Numbers): Numbers {
    if (!INTEGER_ARRAYS.some((Type) => target instanceof Type)) throw new DOMException('The data provided is not an integer-typed array', 'TypeMismatchError')
    if (target.byteLength > QUOTA) throw new DOMException(`at most ${QUOTA} bytes at a time`, 'QuotaExceededError')
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    for (let at = 0; at < bytes.length; at += 4) {
      const word = this.#word()
      for (let part = 0; part < 4 && at + part < bytes.length; part++) bytes[at + part] = word >>> (8 * part)
    }
    return target
  }
  randomUUID(): string {
    const bytes = this.getRandomValues(new Uint8Array(16))
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}

export function installRandomness(): void {
  const word = seededWords(kernel.seed, RANDOM_STREAM)
  Math.random = () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53
  exposeInterfaces({ Crypto, SubtleCrypto })
  expose('crypto', new Crypto())
}
