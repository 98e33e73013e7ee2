import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CaptureLine } from '../../../../src/contract/evidence.js'
import type { Verdict } from '../../../../src/contract/verdict.js'
import { harReport } from '../../../../src/report/formats/har.js'
import type { ReportBundle } from '../../../../src/report/formats/report-input.js'
import { labsHere, nativeArtifact } from '../../audit/evidence.js'
import { findScenarios } from '../../../../src/scenarios/catalogue.js'
import { sha256Hex } from '../../../../src/evidence/digest.js'
import { tokenIn } from '../../judge/verdicts.js'
import { inputOf } from './support.js'

const require = createRequire(import.meta.url)
const schemas = Object.values(require('har-schema') as Record<string, { $id: string }>)
const ajv = new Ajv({ strict: false, validateFormats: false })
ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json') as object)
schemas.forEach((schema) => ajv.addSchema(schema))

const IDS = ['fetch.redirect.followed', 'fetch.cancel.before_body', 'fetch.cancel.after_body', 'websocket.message.text', 'websocket.connect.rejected', 'timer.cancel.before_fire']
const bundles = new Map<string, ReportBundle>()
let cells: Verdict[] = []

// The lab's peers are the same machine as the loopback's; their events stand for a capture.
beforeAll(async () => {
  const artifact = await nativeArtifact()
  const labs = labsHere(artifact, sha256Hex(artifact), 1)
  const found = IDS.flatMap((id) => findScenarios(id))
  for (const scenario of found) {
    const { events } = await labs.of(scenario)
    const capture: CaptureLine[] = [1, 2].flatMap((attempt) => events.map((event) => ({ attempt, event })))
    bundles.set(scenario.id, { scenario, capture, run: { started_at: '2026-01-01T00:00:00.000Z' } as ReportBundle['run'] })
  }
  cells = found.map(({ id }) => tokenIn('parity', 'firefox', 'window', id))
})

const report = (): ReturnType<typeof harReport> => harReport(inputOf(cells, { bundleOf: ({ scenario_id }) => bundles.get(scenario_id) ?? null }))
const entriesOf = (scenario: string): ReturnType<typeof report>['log']['entries'] => report().log.entries.filter(({ pageref }) => pageref?.endsWith(`/${scenario}#1`))

describe('T1 http_surface: HAR 1.2 of the capture', () => {
  it('fits the published schema', () => {
    const validate = ajv.getSchema('har.json#')!
    expect(validate(JSON.parse(JSON.stringify(report()))), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ log: {} })).toBe(false)
  })

  it('has a page for each attempt and an entry for each request and connection the peers saw', () => {
    const { pages, entries } = report().log
    expect(pages!.length).toBe(IDS.length * 2)
    expect(new Set(entries.map(({ pageref }) => pageref)).size).toBe((IDS.length - 1) * 2)
    expect(entriesOf('fetch.redirect.followed').map(({ request, response }) => [request.method, request.url, response.status])).toEqual([
      ['GET', expect.stringMatching(/^http:\/\/127\.0\.0\.1\//), 302], ['GET', expect.stringMatching(/\/second$/), 307], ['GET', expect.stringMatching(/\/third$/), 200],
    ])
    expect(entriesOf('timer.cancel.before_fire')).toEqual([])
  })

  it('tells what the peer saw of an exchange that was broken off, and of a handshake that was refused', () => {
    expect(entriesOf('fetch.cancel.before_body')[0]!.comment).toBe('peer saw: peer.aborted')
    // Its request's body comes in after the answer has ended.
    expect(entriesOf('fetch.cancel.after_body')[0]!.comment).toBe('peer saw: peer.ended')
    expect(entriesOf('websocket.connect.rejected')[0]!.response.status).toBeGreaterThanOrEqual(400)
  })

  it('holds a connection\'s messages in order, from the client\'s side', () => {
    const [entry] = entriesOf('websocket.message.text') as unknown as Array<{ _webSocketMessages: Array<{ type: string }>; response: { status: number } }>
    expect(entry!.response.status).toBe(101)
    expect(entry!._webSocketMessages.map(({ type }) => type)).toContain('send')
    expect(entry!._webSocketMessages.map(({ type }) => type)).toContain('receive')
  })
})
