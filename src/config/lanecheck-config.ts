import { join } from 'node:path'
import { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { isYaml } from './expectations.js'
import { readLocated } from './located.js'
import { readText, standsAt } from './read-text.js'

/** Where a folder says what is verified in it; at most one of them is there. */
export const CONFIG_FILES = ['lanecheck.config.json', 'lanecheck.config.yaml', 'lanecheck.config.yml'] as const

const Text = z.string().min(1)
export const ConfigSchema = z.strictObject({
  schema: z.literal('lanecheck.config.v1'),
  /** Paths are relative to the folder of this file. */
  subject: Text,
  /** Globs over files with scenarios of the maintainer's own. */
  scenarios: z.array(Text).optional(),
  expectations: Text.optional(),
  /** Where `verify` puts its evidence. */
  out: Text.optional(),
  /** What `inspect` reads: a folder, or the name of an installed package. */
  package: Text.optional(),
  comment: z.string().optional(),
})
export type Config = z.infer<typeof ConfigSchema>

/** The config of a folder; an empty one where there is none. Throws `config_invalid` with file and, where it can be told, line. */
export function loadConfig(folder = '.'): Partial<Config> {
  const [file, second] = CONFIG_FILES.filter((name) => standsAt(join(folder, name)))
  if (file === undefined) return {}
  if (second !== undefined) throw new LanecheckError('config_invalid', `there are two configs: ${file} and ${second}`, { where: second, hint: 'keep one of them' })
  const kept = readText(join(folder, file))
  if (!kept.ok) throw new LanecheckError('config_invalid', `the config cannot be read (${kept.code})`, { where: file, hint: 'make it a file that you may read, or take it away' })
  const read = readLocated(kept.text, isYaml(file) ? 'yaml' : 'json')
  if (!read.ok) throw new LanecheckError('config_invalid', `the config cannot be read: ${read.message}`, { where: `${file}:${read.line}`, hint: `mend it; it holds ${FIELDS}` })
  const parsed = ConfigSchema.safeParse(read.value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])]
  const field = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('').replace(/^\./, '')
  const message = issue?.code === 'unrecognized_keys' ? 'there is no such field' : issue?.message ?? 'not a config'
  throw new LanecheckError('config_invalid', field === '' ? message : `${field}: ${message}`, { where: `${file}:${read.lineOf(field)}`, hint: `it may hold ${FIELDS}` })
}

const FIELDS = Object.keys(ConfigSchema.shape).join(', ')
