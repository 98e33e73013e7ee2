import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VERDICTS, type VerdictToken } from '../../../src/contract/vocabulary.js'
import { contradicted, keepVerdicts, leftOut, type Sighting } from '../../../src/playwright/kept-verdicts.js'

let path = ''
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanecheck-kept-'))
  path = join(folder, '.lanecheck', 'id.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const seen = (verdict: VerdictToken, parts: Partial<Sighting> = {}) => ({ cell_id: 'chromium.window/timer.order.distinct' as const, subject: './a.ts', seed: 1, verdict, reason: 'because', folder: '/evidence', ...parts })
const open = (retry: number) => keepVerdicts(path, 'id', retry)

describe('T0: a retry adds an observation and takes none away', () => {
  const healable: VerdictToken[] = ['infrastructure_loss', 'not_run']

  it.each(VERDICTS)('after %s', (before) => {
    const earlier = [{ ...seen(before), retry: 0 }]
    const refused = VERDICTS.filter((now) => contradicted(earlier, seen(now)) !== null)
    // What was not seen refuses nothing, and a try that sees nothing hides nothing: its own verdict fails its matcher.
    expect(refused).toEqual(healable.includes(before) ? [] : VERDICTS.filter((now) => now !== before && !healable.includes(now)))
  })

  it('another subject, seed or cell is another observation', () => {
    const earlier = [{ ...seen('parity'), retry: 0 }]
    for (const other of [{ subject: './b.ts' }, { seed: 2 }, { cell_id: 'firefox.window/timer.order.distinct' as const }]) expect(contradicted(earlier, seen('semantic_mismatch', other))).toBeNull()
    expect(contradicted(earlier, seen('semantic_mismatch'))).toMatchObject({ verdict: 'parity' })
  })

  it('over the disk: the retry that gets another verdict fails and names both, and so does every one after it', async () => {
    await open(0).add(seen('semantic_mismatch', { reason: 'fired late', folder: '/first' }))
    await expect(open(1).add(seen('parity', { folder: '/second' }))).rejects.toMatchObject({
      code: 'retry_hides_verdict', message: 'chromium.window/timer.order.distinct had two verdicts: semantic_mismatch in the first try (fired late; /first), then parity in retry 1 (because; /second)',
    })
    await expect(open(2).add(seen('semantic_mismatch'))).rejects.toMatchObject({ code: 'retry_hides_verdict', message: expect.stringContaining('parity in retry 1') as string })
  })

  it('a loss is healed, the verdict that healed it stands', async () => {
    await open(0).add(seen('infrastructure_loss'))
    await open(1).add(seen('parity'))
    await expect(open(2).add(seen('bridge_only'))).rejects.toMatchObject({ code: 'retry_hides_verdict' })
  })

  it('nor within one try', async () => {
    const kept = open(0)
    await kept.add(seen('semantic_mismatch'))
    await kept.add(seen('semantic_mismatch'))
    await expect(kept.add(seen('parity'))).rejects.toMatchObject({ code: 'retry_hides_verdict' })
  })

  it('cells that a try left out are told, but for those that nothing was seen of', async () => {
    const first = open(0)
    await first.add(seen('semantic_mismatch'))
    await first.add(seen('not_run', { seed: 2 }))
    await first.add(seen('parity', { seed: 3 }))
    const retry = open(1)
    await retry.add(seen('parity', { seed: 3 }))
    expect(retry.unseen().map(({ verdict, seed }) => [verdict, seed])).toEqual([['semantic_mismatch', 1]])
    expect(leftOut(retry.unseen())).toMatchObject({ code: 'retry_hides_verdict', message: expect.stringMatching(/had semantic_mismatch in the first try .* and was not run again$/) as string })
    expect(first.unseen()).toEqual([])
  })

  it('a first try starts afresh; a file that is not ours is an error, not an empty past', async () => {
    await open(0).add(seen('parity'))
    await open(0).add(seen('semantic_mismatch'))
    writeFileSync(path, '{}')
    expect(() => open(1)).toThrow(expect.objectContaining({ code: 'evidence_invalid' }) as Error)
  })
})
