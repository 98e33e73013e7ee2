import { HostPacketSchema } from '../../src/contract/host.js'
import { MATRIX_HOST_ROLES } from '../../src/contract/vocabulary.js'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, scenarios, test, verdictOf } from './support.js'

const IDS = ['browser.insecure.plain', 'browser.wasm_policy.forbidden', 'browser.isolation.on', 'browser.isolation.off_shared_memory', 'browser.sandbox.echo']

test('T3 browser_surface: changed pages change lanes for their own cause alone, in every role', async ({ kit }) => {
  const { ledger, out } = await kit.verify('--subject', 'native', ...scenarios(IDS))
  const packet = (name: string) => HostPacketSchema.parse(JSON.parse(readFileSync(join(out, 'hosts', `${kit.engine}.${name}.json`), 'utf8')))
  for (const role of MATRIX_HOST_ROLES) {
    const secure = role !== 'service_worker'
    expect(verdictOf(ledger, role, 'browser.insecure.plain'), role).toMatchObject(secure ? { verdict: 'parity' } : { verdict: 'unsupported', reason_code: 'realm_unavailable', cause: { prerequisite: 'secure_context' } })
    if (secure) expect(packet(`${role}.insecure`).probe?.secure_context, role).toBe(false)
    expect(packet(`${role}.wasm_forbidden`).probe?.wasm_blocked, role).toBe(true)
    for (const id of ['browser.wasm_policy.forbidden', 'browser.isolation.on']) expect(verdictOf(ledger, role, id), `${role} ${id}`).toMatchObject({ verdict: 'parity', findings: [] })
    expect(verdictOf(ledger, role, 'browser.isolation.off_shared_memory'), role).toMatchObject({ verdict: 'bridge_only', cause: { cause: 'prerequisite_missing', prerequisite: 'cross_origin_isolation' } })
  }
  expect(verdictOf(ledger, 'sandboxed_iframe', 'browser.sandbox.echo')).toMatchObject({ verdict: 'parity', lane_id: `${kit.engine}.sandboxed_iframe.direct` })
  const files = readdirSync(join(out, 'hosts')).filter((name) => name.startsWith(`${kit.engine}.sandboxed_iframe`))
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) expect(packet(file.slice(kit.engine.length + 1, -'.json'.length)).probe?.capabilities, file).toMatchObject({ indexeddb: false, opfs: false })
  expect((await kit.lanecheck('audit', out)).code).toBe(0)
})
