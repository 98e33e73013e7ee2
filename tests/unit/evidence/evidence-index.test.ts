import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { dropEvidenceIndex, EVIDENCE_INDEX, indexDigest, writeEvidenceIndex } from '../../../src/evidence/evidence-index.js'

let dir = ''
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'evidence-')) })
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const put = (path: string, text = path): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), text)
}

describe('T0 evidence: the index of a run', () => {
  test('it names every file, a bundle by its own index, and vouches for itself', async () => {
    for (const path of ['plan.json', 'ledger.json', 'hosts/firefox.window.json', 'bundles/l/s/bundle.json', 'bundles/l/s/lab.json']) put(path)
    const index = await writeEvidenceIndex(dir, 'r')
    expect(JSON.parse(readFileSync(join(dir, EVIDENCE_INDEX), 'utf8'))).toEqual(index)
    expect(Object.keys(index.files).sort()).toEqual(['bundles/l/s/bundle.json', 'hosts/firefox.window.json', 'ledger.json', 'plan.json'])
    expect(index.files['plan.json']).toEqual({ sha256: sha256Hex('plan.json'), bytes: 9 })
    expect(index.index_digest).toBe(indexDigest(index))
    expect(indexDigest({ ...index, run_id: 'q' })).not.toBe(index.index_digest)
    expect(await writeEvidenceIndex(dir, 'r')).toEqual(index)
  })
  test('what cut-off writes left, file or folder, is cleared away', async () => {
    const left = ['plan.json.0123456789ab.part', 'bundles/l/s.0123456789ab.part/bundle.json']
    for (const path of ['plan.json', ...left]) put(path)
    expect(Object.keys((await writeEvidenceIndex(dir, 'r')).files)).toEqual(['plan.json'])
    expect([...left, 'bundles/l/s.0123456789ab.part'].map((path) => existsSync(join(dir, path)))).toEqual([false, false, false])
  })
  test('a run that goes on is not complete: index and ledger go, the rest stays', async () => {
    for (const path of ['plan.json', 'ledger.json', 'ledger.ndjson']) put(path)
    await writeEvidenceIndex(dir, 'r')
    await dropEvidenceIndex(dir)
    await dropEvidenceIndex(dir)
    expect(['plan.json', 'ledger.ndjson', 'ledger.json', EVIDENCE_INDEX].map((path) => existsSync(join(dir, path)))).toEqual([true, true, false, false])
  })
})
