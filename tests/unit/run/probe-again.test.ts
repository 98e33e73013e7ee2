import { describe, expect, it } from 'vitest'
import type { InfrastructureLoss } from '../../../src/contract/evidence.js'
import type { PageCondition } from '../../../src/contract/page-conditions.js'
import type { HostRole } from '../../../src/contract/vocabulary.js'
import type { ProbeRealm } from '../../../src/run/admit.js'
import type { AttemptResult } from '../../../src/run/attempt.js'
import { probeAgain } from '../../../src/run/probe-again.js'
import { SUBJECT, probeOf, resultOf } from './support.js'

const lost = (what: InfrastructureLoss['what']): AttemptResult => resultOf({ probe: null, end: null, infrastructure: { what, detail: 'made up' } })
const SEEN = resultOf({ probe: probeOf('window') })

/** Asks for one probe, of which the first tries give these and all later ones the last; says how often it was tried. */
async function ask(gives: AttemptResult[], role: HostRole = 'window', page: PageCondition = 'isolated'): Promise<{ result: AttemptResult; tries: number }> {
  let tries = 0
  const probe: ProbeRealm = () => Promise.resolve(gives[Math.min(tries++, gives.length - 1)]!)
  return { result: await probeAgain(probe)({ role, page, subject: SUBJECT, needs: [] }, 'hello_only'), tries }
}

describe('T0 browser_surface: a page that was not opened is opened a second time', () => {
  it.each(['realm_not_started', 'realm_silent', 'realm_crashed'] as const)('%s: the second opening tells', async (what) => {
    expect(await ask([lost(what), SEEN])).toEqual({ result: SEEN, tries: 2 })
  })
  it('not a third time: what was not to be had twice is unavailable', async () => {
    const { result, tries } = await ask([lost('realm_silent'), lost('realm_not_started'), SEEN])
    expect([tries, result.infrastructure?.what]).toEqual([2, 'realm_not_started'])
  })
  it('not when it was opened, nor when the run ends or the engine is gone', async () => {
    expect((await ask([SEEN])).tries).toBe(1)
    for (const what of ['interrupted', 'engine_launch_failed', 'engine_crashed', 'canary_failed'] as const) expect([what, (await ask([lost(what), SEEN])).tries]).toEqual([what, 1])
    expect((await ask([resultOf({ probe: null, infrastructure: null }), SEEN])).tries).toBe(1)
  })
  it('not in a frame, which no load of a page makes; every role is made in the window under a changed page', async () => {
    expect((await ask([lost('realm_silent'), SEEN], 'shared_worker', 'plain')).tries).toBe(1)
    expect((await ask([lost('realm_silent'), SEEN], 'shared_worker', 'insecure')).tries).toBe(2)
    expect((await ask([lost('realm_silent'), SEEN], 'window', 'plain')).tries).toBe(2)
  })
})
