import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as vocabulary from '../../../src/contract/vocabulary.js'

const schemas = Object.entries(vocabulary).flatMap(([name, value]) => (value instanceof z.ZodEnum ? [[name, value] as const] : []))
const lists = Object.entries(vocabulary).flatMap(([name, value]) => (Array.isArray(value) ? [[name, value as readonly string[]] as const] : []))

describe('T0 browser_surface: the closed vocabularies', () => {
  it('are all here', () => {
    expect(schemas.length).toBeGreaterThanOrEqual(20)
    expect(lists.length).toBeGreaterThanOrEqual(schemas.length)
  })

  it.each(schemas)('%s takes its own tokens and nothing else', (_, schema) => {
    const tokens = schema.options as string[]
    for (const token of tokens) expect(schema.safeParse(token).success).toBe(true)
    const [first] = tokens as [string]
    const otherCase = first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase()
    for (const other of ['', `${first} `, ` ${first}`, `${first}x`, otherCase, 'unknown', null, undefined, 0, true, [first]]) expect(schema.safeParse(other).success, String(other)).toBe(false)
  })

  it.each(lists)('%s lists each token once', (_, tokens) => {
    expect(tokens.length).toBeGreaterThan(0)
    expect(new Set(tokens).size).toBe(tokens.length)
  })

  it('each list has its schema', () => {
    const options = new Set(schemas.map(([, schema]) => schema.options.join()))
    expect(lists.filter(([, tokens]) => !options.has(tokens.join())).map(([name]) => name)).toEqual(['MATRIX_HOST_ROLES', 'PREREQUISITES'])
  })

  it('the tokens are the contract\'s, letter for letter', () => {
    expect(vocabulary.VERDICTS).toEqual([
      'parity', 'bridge_only', 'unsupported', 'semantic_mismatch', 'bridge_mismatch', 'policy_violation', 'invalid_experiment', 'irreproducible', 'infrastructure_loss', 'not_run',
    ])
    expect(vocabulary.REASON_CODES).toEqual(['admitted_direct', 'downgrade_to_server_bridge', 'unsupported_runtime_context', 'realm_unavailable', 'bridge_unreachable'])
    expect(vocabulary.ELIGIBILITY_VERDICTS).toEqual([
      'eligible', 'insufficient_observability', 'blocked_missing_virtualization', 'blocked_missing_observability', 'blocked_missing_verification', 'blocked_scope_red_line', 'unsupported_time_surface',
    ])
    expect(vocabulary.TIME_POLICY_CLASSES).toEqual(['semantic_time', 'qualified_time', 'scheduler_noise_signal', 'provenance_only_time', 'unsupported_time_surface'])
    expect(vocabulary.SURFACE_FAMILIES).toEqual(['timer_surface', 'virtual_transport_surface', 'http_surface', 'browser_surface'])
    expect(Object.keys(vocabulary.TIER_NAMES)).toEqual([...vocabulary.TIERS])
  })
})
