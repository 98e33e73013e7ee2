/** How messages cross between the realm and the server: text as it is, bytes as base64. */
export const packed = (data) => (typeof data === 'string' ? { text: data } : { base64: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')) })
export const unpacked = ({ text, base64 }) => text ?? Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
