/** The bytes of a base64 data URL: the artifact carries its wasm inside, so that no realm has to fetch it. */
export function bytesOf(dataUrl: string): Uint8Array<ArrayBuffer> {
  const binary = atob(dataUrl.slice(dataUrl.indexOf(',') + 1))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
