import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../src/audit/audit.js'
import { AuditReportSchema, type AuditReport } from '../../../src/audit/findings.js'
import { isLanecheckError } from '../../../src/contract/errors.js'
import { filesIn, nativeArtifact, writeEvidence } from './evidence.js'

let [home, dir, again, other] = ['', '', '', '']
let files: string[] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'lanecheck-audit-'))
  ;[dir, again, other] = [join(home, 'run'), join(home, 'again'), join(home, 'other')]
  const artifact = await nativeArtifact()
  await writeEvidence(dir, artifact)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await writeEvidence(again, artifact)
  await writeEvidence(other, artifact, 2)
  files = filesIn(dir)
}, 60_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Does something to files of the folder, audits, and puts them back. */
function tampered(paths: readonly string[], change: (at: (path: string) => string) => void): AuditReport {
  const at = (path: string): string => join(dir, path)
  const before = paths.map((path) => [path, filesIn(dir).includes(path) ? readFileSync(at(path)) : null] as const)
  try {
    change(at)
    return audit(dir)
  } finally {
    for (const [path] of before) rmSync(at(path), { force: true })
    for (const [path, data] of before) data === null ? rmSync(at(path), { force: true }) : writeFileSync(at(path), data)
  }
}
const names = (report: AuditReport, path: string): boolean => report.findings.some((finding) => finding.path === path || finding.path.startsWith(`${path}:`))
const found = (report: AuditReport, ...paths: string[]): void => {
  expect(report.exit_code).toBe(1)
  for (const path of paths) expect(names(report, path), `${path} is named in ${JSON.stringify(report.findings.slice(0, 5))}`).toBe(true)
}
/** Any file, most often one of a kind that is rare. */
const anyFile = (): fc.Arbitrary<string> => fc.oneof(fc.constantFrom(...files), fc.constantFrom(...files.filter((path) => !path.startsWith('bundles/'))))

describe('T4 evidence: changed bytes and files are found, and named', () => {
  test('the folder as it was kept is clean, and all its verdicts come out again', () => {
    expect(audit(dir)).toMatchObject({ findings: [], exit_code: 0, cells: { planned: 8, judged: 8, derived: 8 } })
    expect(AuditReportSchema.safeParse(audit(dir)).success).toBe(true)
  })

  test('a byte flipped in any file', () => {
    fc.assert(fc.property(anyFile(), fc.nat(), fc.integer({ min: 1, max: 255 }), (path, position, change) => {
      found(tampered([path], (at) => {
        const data = readFileSync(at(path))
        data[position % data.length] = data[position % data.length]! ^ change
        writeFileSync(at(path), data)
      }), path)
    }), { numRuns: 60 })
  }, 60_000)

  test('a digit of a digest in the index: the index is named, for it vouches for itself', () => {
    const text = readFileSync(join(dir, 'evidence.json'), 'utf8')
    for (const { index } of [...text.matchAll(/[0-9a-f]{64}"/g)].slice(0, 12)) {
      found(tampered(['evidence.json'], (at) => writeFileSync(at('evidence.json'), `${text.slice(0, index)}${text[index] === '0' ? '1' : '0'}${text.slice(index + 1)}`)), 'evidence.json')
    }
  })

  test('a piece cut out of any file, or white space put in', () => {
    fc.assert(fc.property(anyFile(), fc.nat(), fc.constantFrom('cut', ' ', '\n', '\t', '\ufeff'), (path, position, how) => {
      found(tampered([path], (at) => {
        const data = readFileSync(at(path))
        const from = position % data.length
        writeFileSync(at(path), how === 'cut' ? data.subarray(0, from) : Buffer.concat([data.subarray(0, from), Buffer.from(how), data.subarray(from)]))
      }), path)
    }), { numRuns: 60 })
  }, 60_000)

  test('any file deleted', () => {
    for (const path of files) found(tampered([path], (at) => unlinkSync(at(path))), path)
  }, 60_000)

  test('a file added, anywhere, under any name', () => {
    const named = fc.constantFrom('notes.txt', 'ledger.json', 'lab.json', 'capture.ndjson', 'live.json', 'verdict.json', 'chromium.dedicated_worker.json', `${'0'.repeat(64)}.js`, '.hidden', 'x.0123456789ab.part')
    const folders = [...new Set(files.map((path) => dirname(path))), 'bundles/webkit.window.direct/timer.order.distinct', 'more']
    fc.assert(fc.property(fc.constantFrom(...folders), named, fc.constantFrom(...files), (folder, name, like) => {
      const path = join(folder, name)
      fc.pre(!files.includes(path))
      found(tampered([path], (at) => {
        mkdirSync(dirname(at(path)), { recursive: true })
        writeFileSync(at(path), readFileSync(join(again, like)))
      }), path)
    }), { numRuns: 60 })
  }, 60_000)

  const instead: Array<[what: string, put: (path: string) => void]> = [
    ['a link that leads nowhere', (path) => symlinkSync(join(home, 'nowhere'), path)],
    ['a link to a folder', (path) => symlinkSync(home, path)],
    ['a link to the very bytes', (path) => symlinkSync(join(home, 'moved'), path)],
    ['a pipe', (path) => { execFileSync('mkfifo', [path]) }],
  ]
  test.each(instead)('%s in place of any file: it is named, and not followed', (_what, put) => {
    for (const path of [...files.filter((name) => !name.startsWith('bundles/')), ...files.filter((name) => name.startsWith('bundles/')).slice(0, 9)]) {
      const report = tampered([path], (at) => {
        writeFileSync(join(home, 'moved'), readFileSync(at(path)))
        unlinkSync(at(path))
        put(at(path))
      })
      found(report, path)
      expect(report.findings).toContainEqual({ code: 'file_added', path, field: null, expected: 'a plain file', found: 'a link or device' })
    }
  }, 60_000)

  test('any two files swapped', () => {
    fc.assert(fc.property(anyFile(), anyFile(), (one, two) => {
      const [first, second] = [readFileSync(join(dir, one)), readFileSync(join(dir, two))]
      fc.pre(!first.equals(second))
      found(tampered([one, two], (at) => {
        writeFileSync(at(one), second)
        writeFileSync(at(two), first)
      }), one, two)
    }), { numRuns: 50 })
  }, 60_000)

  test('any record taken from another run, of another seed or of the same plan', () => {
    const differing = [again, other].flatMap((source) => files.filter((path) => !readFileSync(join(dir, path)).equals(readFileSync(join(source, path)))).map((path) => ({ source, path })))
    expect(differing.filter(({ source }) => source === other).map(({ path }) => path)).toEqual(expect.arrayContaining(['plan.json', 'ledger.json', 'ledger.ndjson', 'evidence.json']))
    for (const { source, path } of differing) {
      const report = tampered([path], (at) => writeFileSync(at(path), readFileSync(join(source, path))))
      // A whole index that vouches for itself, and not for this folder, is told by every file that it does not name rightly.
      if (path === 'evidence.json') expect(report.exit_code).toBe(1)
      else found(report, path)
    }
  })

  test('lines of the ledger in another order', () => {
    fc.assert(fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }), (order) => {
      fc.pre(order.some((line, at) => line !== at))
      found(tampered(['ledger.ndjson'], (at) => {
        const lines = readFileSync(at('ledger.ndjson'), 'utf8').trimEnd().split('\n')
        writeFileSync(at('ledger.ndjson'), order.map((line) => `${lines[line]}\n`).join(''))
      }), 'ledger.ndjson')
    }), { numRuns: 20 })
  })

  test('a folder that is none of evidence is wrong use', () => {
    for (const path of [join(home, 'nowhere'), join(dir, 'bundles'), join(dir, 'plan.json')]) {
      try {
        audit(path)
        expect.unreachable()
      } catch (error) {
        expect(isLanecheckError(error) && error.code).toBe('evidence_invalid')
      }
    }
  })
})
