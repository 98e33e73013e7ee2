import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MATRIX_HOST_ROLES } from '../../src/contract/vocabulary.js'
import { expect, ROOT, test, verdictOf, type Kit, type Verified } from './support.js'

const [ORDER, CANCEL] = ['timer.order.distinct', 'timer.cancel.before_fire']
interface Answer { support_class: string; reason_code: string; cause: unknown }
const expected = JSON.parse(readFileSync(join(ROOT, 'examples/threads/expected.json'), 'utf8')) as Record<'plain' | 'isolated', Record<string, Record<string, Answer>>>

const answers = ({ ledger }: Verified): Record<string, Answer> =>
  Object.fromEntries(MATRIX_HOST_ROLES.map((role) => [role, (({ support_class, reason_code, cause }): Answer => ({ support_class, reason_code, cause }))(verdictOf(ledger, role, ORDER))]))
/** What the subject said of itself where it ran. */
const threadsIn = (run: Verified, role: string, scenario: string): string[] => {
  const path = join(run.out, verdictOf(run.ledger, role, scenario).artifact_bundle!, 'capture.ndjson')
  return existsSync(path) ? [...readFileSync(path, 'utf8').matchAll(/"text":"(threads: \d)"/g)].map(([, text]) => text!) : []
}
const verify = (kit: Kit, subject: string): Promise<Verified> => kit.verify('--subject', subject, '--scenario', ORDER, '--scenario', CANCEL)

test('T3 browser_surface: a subject with a thread runs where its page is isolated and the engine shares memory, and is downgraded elsewhere for the cause that holds there', async ({ kit }) => {
  const run = await verify(kit, 'examples/threads/subject.js')
  expect(answers(run)).toEqual(expected.isolated[kit.engine])
  for (const role of MATRIX_HOST_ROLES) {
    const direct = expected.isolated[kit.engine]![role]!.support_class === 'direct'
    for (const scenario of [ORDER, CANCEL]) {
      expect(verdictOf(run.ledger, role, scenario)).toMatchObject({ verdict: direct ? 'parity' : 'bridge_only' })
      expect(threadsIn(run, role, scenario).at(-1), `${role} ${scenario}`).toBe(direct ? 'threads: 2' : 'threads: 1')
    }
  }
  expect((await kit.lanecheck('audit', run.out)).code).toBe(0)
})

test('T3 browser_surface: on a page that is not isolated, the page is why, in every realm', async ({ kit }) => {
  const run = await kit.verify('--subject', 'tests/lanes/threads/plain.js', '--scenario', ORDER)
  expect(answers(run)).toEqual(expected.plain[kit.engine])
})
