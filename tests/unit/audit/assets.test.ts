import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { audit } from '../../../src/audit/audit.js'
import { withAssetList } from '../../../src/contract/assets.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { writeEvidenceIndex } from '../../../src/evidence/evidence-index.js'
import { readPlan } from '../../../src/evidence/ledger-file.js'
import { readKept } from '../../../src/run/kept-bundle.js'
import { inFolder } from '../run/support.js'
import { writeEvidence } from './evidence.js'

const BYTES = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const NAME = `${sha256Hex(BYTES)}.wasm`
const BUNDLE = 'bundles/chromium.window.direct/timer.order.distinct'
const native = withAssetList(readFileSync('dist/artifacts/native.js', 'utf8'), [NAME])

/** An evidence folder of an artifact that fetched something, after `change`. */
const after = <Result>(change: (asset: string) => void, look: (dir: string) => Result | Promise<Result>): Promise<Result> => inFolder(async (dir) => {
  const out = join(dir, 'evidence')
  await writeEvidence(out, native)
  const asset = join(out, 'artifacts', NAME)
  writeFileSync(asset, BYTES)
  await writeEvidenceIndex(out, readPlan(out).run_id)
  change(asset)
  return look(out)
})
const found = (dir: string): string[] => audit(dir).findings.map(({ code, path }) => `${code} ${path}`)

describe('T4 browser_surface: what an artifact fetched is part of the evidence', () => {
  it('kept as it was, nothing is said, and a bundle is read with it', () => after(() => undefined, (dir) => {
    expect(found(dir)).toEqual([])
    expect(readKept(join(dir, BUNDLE)).artifact?.assets.get(NAME)).toEqual(Buffer.from(BYTES))
  }))

  it.each([
    ['changed', (asset: string) => writeFileSync(asset, Uint8Array.of(1)), 'digest_differs'],
    ['missing', (asset: string) => rmSync(asset), 'file_missing'],
  ])('%s, the audit names it', (_how, change, code) => after(change, (dir) => {
    expect(found(dir)).toContain(`${code} artifacts/${NAME}`)
  }))

  it('changed, and the index made to fit, its name still tells', () => after((asset) => writeFileSync(asset, Uint8Array.of(1)), async (dir) => {
    await writeEvidenceIndex(dir, readPlan(dir).run_id)
    expect(found(dir)).toEqual([`digest_differs artifacts/${NAME}`])
  }))

  it('one that the artifact does not list was put there', () => after((asset) => writeFileSync(asset.replace(NAME, `${'0'.repeat(64)}.wasm`), BYTES), (dir) => {
    expect(found(dir)).toContain(`file_added artifacts/${'0'.repeat(64)}.wasm`)
  }))

  it('a replay takes no other bytes than those that ran', () => after((asset) => writeFileSync(asset, Uint8Array.of(1)), (dir) => {
    expect(() => readKept(join(dir, BUNDLE))).toThrow(expect.objectContaining({ code: 'evidence_invalid', where: expect.stringContaining(NAME) as unknown }) as Error)
  }))
})
