import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CaptureManifestSchema } from '../../src/contract/evidence.js'
import { rowFor } from '../../src/contract/matrix-rows.js'
import { NormalizedRecordSchema } from '../../src/contract/record.js'
import type { Scenario } from '../../src/contract/scenario.js'
import { jsonText, ndjsonText } from '../../src/evidence/bundle.js'
import { sha256Hex } from '../../src/evidence/digest.js'
import { captureManifest } from '../../src/judge/capture-facts.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, exchangeScenario, exchangeTrace, recordOf, type Tracer } from '../unit/judge/traces.js'

/** Kept by hand: a change here is a change of the comparator and needs its own look at every golden file. */
const golden = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

const CASES: Array<[surface: string, scenario: Scenario, tracer: Tracer]> = [
  ['timer', deadlineScenario(), deadlineTrace({ fires: 3 })],
  ['transport', channelScenario(), channelTrace()],
  ['http', exchangeScenario(), exchangeTrace()],
]

describe.each(CASES.map((one) => [one[1].surface_family, ...one] as const))('T1 %s: normalized record and capture manifest', (_, surface, scenario, tracer) => {
  const record = recordOf(scenario, tracer)
  const capture = ndjsonText(tracer.events.map((event) => ({ attempt: 1, event })))

  test('the hand-made capture is the golden one', () => expect(capture).toBe(golden(`${surface}-capture.ndjson`)))
  test('it normalizes to the golden record', () => {
    expect(jsonText(record)).toBe(golden(`${surface}-normalized-record.json`))
    expect(NormalizedRecordSchema.safeParse(JSON.parse(golden(`${surface}-normalized-record.json`))).success).toBe(true)
  })
  test('its manifest is the golden one', () => {
    const manifest = captureManifest({
      scenario, lane_id: 'firefox.window.direct', virtualization_boundary: rowFor(scenario.surface_family).virtualization_boundary, capture_sha256: sha256Hex(capture), events: tracer.events, records: [record],
    })
    expect(jsonText(manifest)).toBe(golden(`${surface}-capture-manifest.json`))
    expect(CaptureManifestSchema.safeParse(manifest).success).toBe(true)
  })
})
