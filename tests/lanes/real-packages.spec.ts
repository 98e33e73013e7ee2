import { cpSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Ledger } from '../../src/contract/verdict.js'
import { InspectionSchema } from '../../src/inspect/inspection.js'
import { expect, ledgerOf, ROOT, test, type Ended, type Kit } from './support.js'
import { deskIn } from './typed.js'

type Type = (line: string) => Promise<Ended>

/** An example as a reader has it: in a folder of its own, with what it depends on installed. */
function copied(kit: Kit, name: string): Type {
  const desk = deskIn(kit, name)
  const folder = join(desk.folder, name)
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true, filter: (path) => basename(path) !== 'node_modules' })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return (line) => desk.type(`cd ${name} && npx lanecheck ${line}`)
}
interface Told { code: number | null; ledger: Ledger; verdicts: Record<string, string>; reasons: string }
async function verified(kit: Kit, type: Type, roles: string, scenarios: string, more = ''): Promise<Told> {
  const ended = await type(`verify --engine ${kit.engine} --role ${roles} --scenario '${scenarios}' ${more} --json --quiet`)
  const ledger = ledgerOf(ended)
  return {
    code: ended.code, ledger, reasons: ledger.verdicts.map(({ cell_id, reason }) => `${cell_id}: ${reason}`).join('\n'),
    verdicts: Object.fromEntries(ledger.verdicts.map(({ host_role, scenario_id, verdict }) => [`${host_role}/${scenario_id}`, verdict])),
  }
}
const reasonOf = ({ verdicts }: Ledger, id: string): string => verdicts.find(({ scenario_id }) => scenario_id === id)?.reason ?? 'not in the ledger'

test('T3 timer_surface: ywasm, which has neither timers nor network, is classified so, in a window and behind the bridge', async ({ kit }) => {
  const type = copied(kit, 'ywasm')
  const { code, ledger, verdicts, reasons } = await verified(kit, type, 'window,shared_worker', '{ywasm.text.*,timer.order.distinct,websocket.order.from_peer,fetch.plain.get,sse.fields}')
  const families = { 'timer.order.distinct': 'timers', 'websocket.order.from_peer': 'sockets', 'fetch.plain.get': 'requests', 'sse.fields': 'events' }
  expect(verdicts, reasons).toEqual(Object.fromEntries([
    ...['window', 'shared_worker'].flatMap((role) => Object.keys(families).map((id) => [`${role}/${id}`, 'unsupported'])),
    ...['merge', 'remove'].flatMap((id) => [[`window/ywasm.text.${id}`, 'parity'], [`shared_worker/ywasm.text.${id}`, 'bridge_only']]),
    ...['insert_beyond', 'remove_beyond'].flatMap((id) => [[`window/ywasm.text.${id}`, 'semantic_mismatch'], [`shared_worker/ywasm.text.${id}`, 'bridge_mismatch']]),
  ]))
  for (const [id, family] of Object.entries(families)) expect(reasonOf(ledger, id)).toContain(`the subject has no ${family}`)
  expect(code, 'all of it is expected').toBe(0)
  const inspected = await type('inspect --json')
  expect(InspectionSchema.parse(JSON.parse(inspected.stdout)).inferred.families).toEqual([])
})

test('T3 timer_surface: @matrix-org/matrix-sdk-crypto-wasm, whose own timer ends an awaited call and is left alive', async ({ kit }) => {
  // Inlined, its wasm makes a script of 10.9 MB, over which a slow machine falls silent.
  const { code, ledger, verdicts, reasons } = await verified(kit, copied(kit, 'matrix-sdk-crypto-wasm'), 'window', 'matrix.*.{results,own_timer,closed}', '--wasm url')
  expect(verdicts, reasons).toEqual({ 'window/matrix.call.results': 'parity', 'window/matrix.wait.own_timer': 'parity', 'window/matrix.wait.closed': 'semantic_mismatch' })
  expect(reasonOf(ledger, 'matrix.wait.closed')).toContain('setTimeout')
  expect(code).toBe(0)
})

test('T3 virtual_transport_surface: @rust-nostr/nostr-sdk, which opens a WebSocket from WASM', async ({ kit }) => {
  // What runs its timers off takes ten seconds, and is the same everywhere.
  const patient = kit.engine === 'chromium'
  const { code, ledger, verdicts, reasons } = await verified(kit, copied(kit, 'nostr-sdk'), 'window', patient ? 'nostr.relay.{subscribe,patient}' : 'nostr.relay.subscribe')
  expect(verdicts, reasons).toEqual({ 'window/nostr.relay.subscribe': 'semantic_mismatch', ...(patient ? { 'window/nostr.relay.patient': 'parity' } : {}) })
  expect(reasonOf(ledger, 'nostr.relay.subscribe')).toContain('setTimeout')
  expect(code).toBe(0)
})
