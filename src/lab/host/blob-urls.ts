import { Blob } from './blob.js'
import { kernel } from './kernel.js'
import { URL } from './url.js'

const blobs = new Map<string, Blob>()
let count = 0

/** The blob behind a `blob:` address; undefined when there is none, or no more. */
export const blobAt = (url: string): Blob | undefined => blobs.get(url.split('#')[0]!)

/** Source: File API, creating and revoking a blob URL; the addresses are counted, not drawn by lot. */
export function installBlobUrls(): void {
  Object.assign(URL, {
    createObjectURL(blob: unknown): string {
      if (!(blob instanceof Blob)) throw new TypeError('createObjectURL wants a Blob')
      const url = `blob:${kernel.origin}/00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
      blobs.set(url, blob)
      return url
    },
    revokeObjectURL: (url: unknown): void => void blobs.delete(String(url)),
  })
}
