import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MATRIX_ROWS } from '../../../src/contract/matrix-rows.js'
import * as vocabulary from '../../../src/contract/vocabulary.js'
import { RECORD_KINDS } from '../../../src/report/schema-files.js'

const page = readFileSync('docs/contract.md', 'utf8')
const code = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, text]) => text))
/** Every closed vocabulary, by the name it has in the sources. */
const VOCABULARIES = Object.entries(vocabulary as Record<string, unknown>).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]))

describe('T0 docs/contract.md', () => {
  test('there are vocabularies', () => expect(VOCABULARIES.length).toBeGreaterThan(20))
  test.each(VOCABULARIES)('names every token of %s', (_, tokens) => expect(tokens.filter((token) => !code.has(token))).toEqual([]))
  test('names every tier, row and column, and every record', () => {
    expect([...Object.keys(vocabulary.TIER_NAMES), ...Object.values(vocabulary.TIER_NAMES), ...MATRIX_ROWS.flatMap((row) => Object.keys(row)), ...RECORD_KINDS.map(({ record }) => record)].filter((word) => !code.has(word))).toEqual([])
  })
  test.each(MATRIX_ROWS)('$surface_family stands with its phase, profile and floor', ({ surface_family, phase, runtime_profile, promotion_floor }) => {
    const line = page.split('\n').find((one) => one.startsWith(`| \`${surface_family}\``)) ?? ''
    for (const word of [phase, runtime_profile, promotion_floor.tiers[0]!, promotion_floor.tiers.at(-1)!]) expect(line).toContain(`\`${word}\``)
  })
})
