import { resolve } from 'node:path'
import { LanecheckError } from '../../contract/errors.js'
import { isYaml } from '../../config/expectations.js'
import { readLocated } from '../../config/located.js'
import { readText } from '../../config/read-text.js'

/** What a scenario file holds, unchecked; and the line of a field of a scenario, where it can be told. */
export interface FileRead {
  /** A scenario or a list of them. */
  exported: unknown
  /** By the scenario's id, or its place in a list. */
  lineOf: (id: string | null, path: string, at: number | null) => number | null
}

/** Reads a scenario file in JSON or YAML. Throws `scenario_invalid` with file and, where it can be told, line. */
export function readData(file: string, folder: string): FileRead {
  const kept = readText(resolve(folder, file))
  if (!kept.ok) throw new LanecheckError('scenario_invalid', `${file} cannot be read (${kept.code})`, { where: file, hint: 'make it a file that you may read, or take it out of the globs' })
  const read = readLocated(kept.text, isYaml(file) ? 'yaml' : 'json')
  if (!read.ok) throw new LanecheckError('scenario_invalid', `${file}:${read.line}: ${read.message}`, { where: `${file}:${read.line}`, hint: 'mend the file, or take it out of the globs' })
  return { exported: read.value, lineOf: (_, path, at) => read.lineOf(`${at === null ? '' : `[${at}]`}${path.startsWith('[') || at === null ? path : `.${path}`}`) }
}
