import { afterEach, describe, expect, it } from 'vitest'
import { claimOf } from '../../../host-probes/own-claim.js'
import { INJECTED_HOST } from '../../../src/contract/injected-host.js'

const asked = (classify: unknown): ReturnType<typeof claimOf> => claimOf({ default: { downgrade: { classify: 'c' } }, c: classify })
const injected = globalThis as unknown as Record<string, unknown>
afterEach(() => { delete injected[INJECTED_HOST] })

const SAID = { support_class: 'here', reason_code: 'fine' }

describe('T0 browser_surface: a subject\'s own host detection is asked in its realm', () => {
  it('is not there where the subject names none', () => {
    expect(claimOf({})).toBeNull()
    expect(claimOf({ default: { downgrade: {} }, c: () => SAID })).toBeNull()
  })

  it.each<[string, unknown, unknown]>([
    ['an answer, letter for letter and nothing else of it', () => ({ ...SAID, more: 1 }), SAID],
    ['a promise of one', async () => SAID, SAID],
    ['no function', 'here', { error: 'the module exports no function "c"' }],
    ['one that throws', () => { throw new TypeError('no luck') }, { error: 'it threw TypeError: no luck' }],
    ['one that says nothing', () => undefined, { error: expect.stringContaining('support_class and a reason_code') }],
    ['one that says it in numbers', () => ({ ...SAID, reason_code: 1 }), { error: expect.stringContaining('that are text') }],
    ['one that never answers', () => new Promise(() => undefined), { error: 'it did not answer within 2000 ms' }],
  ])('%s', async (_, classify, claim) => expect(await asked(classify)).toEqual(claim))

  it('in the lab and in the bridge\'s worker it is not called; that it is there is asked all the same', async () => {
    injected[INJECTED_HOST] = { kind: 'lab', control: { send: () => undefined, onmessage: null } }
    expect(asked(() => { throw new Error('called') })).toBeNull()
    expect(await asked(undefined)).toEqual({ error: 'the module exports no function "c"' })
  })
})
