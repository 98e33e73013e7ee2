import { describe, expect, test } from 'vitest'
import type { CauseDetail } from '../../../src/contract/host.js'
import type { VerdictToken } from '../../../src/contract/vocabulary.js'
import { VERDICTS } from '../../../src/contract/vocabulary.js'
import { askedAgain, SAW_NOTHING } from '../../../src/judge/asked-again.js'
import { absentFamilies } from '../../../src/judge/validity.js'
import { evidenceOf, scenarioOf, trace, type Tracer } from './traces.js'

const NO_SECURE_CONTEXT: CauseDetail = { cause: 'prerequisite_missing', prerequisite: 'secure_context' }
const again = (verdict: VerdictToken, reason_code: Parameters<typeof askedAgain>[0]['reason_code'] = 'admitted_direct', cause: CauseDetail | null = null): boolean => askedAgain({ verdict, reason_code, cause })

describe('T0 every row: what a resumed run asks for again', () => {
  test('cells of which nothing was seen, whatever their realm was', () => {
    expect([...SAW_NOTHING].sort()).toEqual(['infrastructure_loss', 'not_run'])
    expect(VERDICTS.filter((verdict) => again(verdict)).sort()).toEqual(['infrastructure_loss', 'not_run'])
  })
  test('cells whose realm or bridge this machine could not give, whatever their verdict', () => {
    for (const verdict of ['unsupported', 'invalid_experiment'] as const) {
      expect([again(verdict, 'realm_unavailable'), again(verdict, 'bridge_unreachable'), again(verdict, 'bridge_unreachable', NO_SECURE_CONTEXT)]).toEqual([true, true, true])
    }
  })
  test('but not what the page rules out, nor what was seen', () => {
    expect(again('unsupported', 'realm_unavailable', NO_SECURE_CONTEXT)).toBe(false)
    expect([again('unsupported', 'unsupported_runtime_context'), again('bridge_only', 'downgrade_to_server_bridge', NO_SECURE_CONTEXT), again('parity', 'admitted_direct', null)]).toEqual([false, false, false])
  })
})

test('T0 every row: the families that any run lacked come in the order of their names', () => {
  const lacking = (family: string): Tracer => trace().subject('family.absent', 'step', { family }).end()
  expect(absentFamilies(evidenceOf(scenarioOf({}), lacking('timers.interval'), [lacking('events')]))).toEqual(['events', 'timers.interval'])
})
