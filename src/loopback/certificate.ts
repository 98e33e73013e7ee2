import { createHash, X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

/** A certificate of one run, for 127.0.0.1 alone. It lives in memory and is in no record. */
export interface LoopbackCertificate {
  /** PEM. */
  key: string
  cert: string
  /** SHA-256 of its public key as SubjectPublicKeyInfo, in base64: how Chromium names a key. */
  spki_sha256: string
}

const DAY_MS = 86_400_000

/** Makes a key and its certificate (RFC 5280), good for a day. Takes about 20 ms. */
export async function makeCertificate(): Promise<LoopbackCertificate> {
  const now = Date.now()
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate: new Date(now - DAY_MS), notAfterDate: new Date(now + DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })
  return { key, cert, spki_sha256: createHash('sha256').update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })).digest('base64') }
}
