import { deflateRawSync } from 'node:zlib'
import { basename } from 'node:path'
import type { Verdict } from '../../contract/verdict.js'
import { VERDICTS } from '../../contract/vocabulary.js'
import { standings, type ReportInput, type Standing } from '../formats/report-input.js'
import { cellStory } from './cell-story.js'
import type { CellRow, CellStory, EmbeddedIndex } from './embedded.js'
import { STANDINGS } from './standing.js'

/** Cells of a chunk: one is read and unpacked whole when a cell of it is looked at. */
const CHUNK_SIZE = 24

export interface Embedded {
  index: EmbeddedIndex
  /** Each the JSON of its cells, deflated, in base64. */
  chunks: string[]
}

/** Packs a run for the page. Cells of a scenario lie together, since they tell much the same. Throws `evidence_invalid`. */
export function embed(input: ReportInput): Embedded {
  const { run, verdicts } = input.ledger
  const standing = standings(input)
  const tables = { lanes: table<Verdict['lane_id']>(), scenarios: table<string>(), reasons: table<string>() }
  const titles = new Map<string, string>()
  const chunks: string[] = []
  const chunkOf = new Map<string, number>()
  const byScenario = [...verdicts].sort((one, other) => (one.scenario_id < other.scenario_id ? -1 : one.scenario_id > other.scenario_id ? 1 : 0))
  for (let start = 0; start < byScenario.length; start += CHUNK_SIZE) {
    const stories = byScenario.slice(start, start + CHUNK_SIZE).map((verdict) => cellStory(verdict, standing(verdict).reason, input.storyOf?.(verdict) ?? null))
    for (const { cell_id, verdict, bundle } of stories) {
      chunkOf.set(cell_id, chunks.length)
      if (bundle !== null) titles.set(verdict.scenario_id, bundle.title)
    }
    chunks.push(packed(stories))
  }
  const cells = verdicts.map((verdict): CellRow => rowOf(verdict, standing(verdict), tables, chunkOf.get(verdict.cell_id) ?? 0))
  const surfaces = new Map(verdicts.map(({ scenario_id, surface_family }) => [scenario_id, surface_family]))
  return {
    chunks,
    index: {
      schema: 'html-report.v1', run, evidence: basename(input.folder), lanes: tables.lanes.all, reasons: tables.reasons.all, verdicts: [...VERDICTS], cells, chunks: chunks.length,
      scenarios: tables.scenarios.all.map((id) => ({ id, title: titles.get(id) ?? null, surface: surfaces.get(id)! })),
      ...(input.history === undefined ? {} : { history: input.history }),
    },
  }
}

interface Table<Value> { all: Value[]; at(value: Value): number }

function table<Value extends string>(): Table<Value> {
  const places = new Map<Value, number>()
  const all: Value[] = []
  return {
    all,
    at: (value) => {
      const known = places.get(value)
      if (known !== undefined) return known
      places.set(value, all.length)
      return all.push(value) - 1
    },
  }
}

interface Tables { lanes: Table<Verdict['lane_id']>; scenarios: Table<string>; reasons: Table<string> }

function rowOf(verdict: Verdict, { expected, surprise, reason }: Standing, { lanes, scenarios, reasons }: Tables, chunk: number): CellRow {
  const how = STANDINGS.indexOf(surprise === null ? 'as_expected' : surprise.how)
  return [lanes.at(verdict.lane_id), scenarios.at(verdict.scenario_id), VERDICTS.indexOf(verdict.verdict), VERDICTS.indexOf(expected), reasons.at(verdict.reason), how, reason === null ? 0 : 1, chunk]
}

const packed = (stories: readonly CellStory[]): string => deflateRawSync(JSON.stringify(stories), { level: 9 }).toString('base64')
