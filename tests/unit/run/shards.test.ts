import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Times } from '../../../src/contract/shard.js'
import { ENGINES, HOST_ROLES } from '../../../src/contract/vocabulary.js'
import { cutShard, firstSession, missingShards, shardName, shareOut } from '../../../src/run/shards.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'
import { planOf } from './support.js'

const PLAN = planOf({ engines: [...ENGINES], roles: [...HOST_ROLES], scenarios: CATALOGUE.slice(0, 4) })
const KIT = 'd'.repeat(64)
const cells = PLAN.cells
const timesFor = (ms: readonly number[]): Times => ({ schema: 'lanecheck.times.v1', ms: Object.fromEntries(ms.slice(0, cells.length).map((value, at) => [cells[at]!.cell_id, value])) })
const anyTimes = fc.option(fc.array(fc.nat(100_000), { maxLength: cells.length }).map(timesFor), { nil: null })
const anyCut = fc.record({ engine: fc.constantFrom(null, ...ENGINES), of: fc.integer({ min: 1, max: 60 }), times: anyTimes })

describe('T0 browser_surface: a plan in shards', () => {
  test('every cell is in exactly one shard, in the plan\'s order, and the same again', () => {
    fc.assert(fc.property(anyCut, ({ engine, of, times }) => {
      const shards = Array.from({ length: of }, (_, at) => cutShard(PLAN, { engine, index: at + 1, of }, times, KIT))
      const wanted = cells.filter((cell) => engine === null || cell.engine === engine).map(({ cell_id }) => cell_id)
      expect(shards.flatMap((shard) => shard.cells).sort()).toEqual([...wanted].sort())
      for (const shard of shards) expect(shard.cells).toEqual(wanted.filter((cell) => shard.cells.includes(cell)))
      expect(new Set(shards.map(({ cut_sha256 }) => cut_sha256)).size).toBe(1)
      expect(cutShard(structuredClone(PLAN), { engine, index: of, of }, structuredClone(times), KIT)).toEqual(shards.at(-1))
      expect(missingShards(PLAN, shards)).toEqual(engine === null ? [] : ENGINES.filter((one) => one !== engine).map((one) => `${one}:?/?`))
    }))
  })

  test('in whatever order cells and times come, a cell falls to the same shard', () => {
    fc.assert(fc.property(anyTimes, fc.integer({ min: 1, max: 9 }), fc.shuffledSubarray(cells, { minLength: cells.length }), (times, of, shuffled) => {
      const setsOf = (order: typeof cells): string[] => shareOut(order, of, times).map((share) => share.map(({ cell_id }) => cell_id).sort().join())
      expect(setsOf(shuffled)).toEqual(setsOf(cells))
    }))
  })

  test('no shard has more to do than an even share and one more cell', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: cells.length, maxLength: cells.length }), fc.integer({ min: 1, max: 9 }), (ms, of) => {
      const times = timesFor(ms)
      const loads = shareOut(cells, of, times).map((share) => share.reduce((sum, { cell_id }) => sum + times.ms[cell_id]!, 0))
      expect(Math.max(...loads)).toBeLessThanOrEqual(ms.reduce((sum, one) => sum + one, 0) / of + Math.max(...ms))
    }))
  })

  test('long cells are shared out before short ones', () => {
    const shares = shareOut(cells.slice(0, 4), 2, timesFor([100, 60, 50, 10]))
    expect(shares.map((share) => share.map((cell) => cells.indexOf(cell)))).toEqual([[0, 3], [1, 2]])
  })

  test('other times make another cut, and it can be seen', () => {
    const cut = (times: Times | null): string => cutShard(PLAN, { engine: null, index: 1, of: 3 }, times, KIT).cut_sha256
    expect(cut(timesFor([9_000, 1, 1, 1]))).not.toBe(cut(null))
  })

  test('what is missing is named', () => {
    const shard = (engine: 'chromium' | null, index: number, of: number) => cutShard(PLAN, { engine, index, of }, null, KIT)
    expect(missingShards(PLAN, [shard(null, 2, 3)])).toEqual(['1/3', '3/3'])
    expect(missingShards(PLAN, [shard('chromium', 1, 2)])).toEqual(['chromium:2/2', 'firefox:?/?', 'webkit:?/?'])
    // More shards than cells: those with none are asked for too.
    expect(missingShards(PLAN, Array.from({ length: 99 }, (_, at) => shard(null, at + 1, 100)))).toEqual(['100/100'])
  })

  test('an engine that the plan leaves out has no shards', () => {
    expect(() => cutShard(planOf(), { engine: 'webkit', index: 1, of: 1 }, null, KIT)).toThrowError(expect.objectContaining({ code: 'usage' }))
  })

  test('sessions of two shards never have the same number', () => {
    expect([1, 2, 999].map((index) => firstSession({ engine: null, index, of: 999 }))).toEqual([1, 1001, 998_001])
    expect(shardName({ engine: 'firefox', index: 2, of: 3 })).toBe('firefox:2/3')
  })
})
