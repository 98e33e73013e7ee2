import { InvalidArgumentError } from 'commander'
import { LanecheckError } from '../contract/errors.js'
import { ShardChoiceSchema, type ShardChoice } from '../contract/shard.js'
import { ENGINES, EngineSchema } from '../contract/vocabulary.js'

/** Reads a `--shard`: `2/3`, or `firefox:2/3`. Throws what commander shows, and `unknown_engine`. */
export function shardOption(text: string): ShardChoice {
  const [, engine, index, of] = /^(?:([^:]*):)?(\d+)\/(\d+)$/.exec(text) ?? []
  const named = EngineSchema.nullable().safeParse(engine ?? null)
  if (!named.success) throw new LanecheckError('unknown_engine', `there is no engine "${engine}"`, { where: '--shard', hint: `one of: ${ENGINES.join(', ')}` })
  const shard = ShardChoiceSchema.safeParse({ engine: named.data, index: Number(index), of: Number(of) })
  if (!shard.success || shard.data.index > shard.data.of) throw new InvalidArgumentError('want i/n, as in 2/3, or with an engine, as in firefox:2/3.')
  return shard.data
}
