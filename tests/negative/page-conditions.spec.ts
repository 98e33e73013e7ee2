import type { PlantedPageFault } from '../../src/loopback/page-headers.js'
import { findEngine } from '../../lanes/engines/find.js'
import { judge } from '../../src/judge/judge.js'
import { loadArtifact } from '../../src/run/artifact.js'
import { openEngineAccess } from '../../src/run/engine-access.js'
import { serveArtifact } from '../../src/run/served.js'
import { declaredInLab } from '../../src/run/subject-in-lab.js'
import { findScenarios } from '../../src/scenarios/catalogue.js'
import type { HostPacket } from '../../src/contract/host.js'
import type { Engine } from '../../src/contract/vocabulary.js'
import { expect, test } from '../lanes/support.js'

const [scenario] = findScenarios('browser.isolation.on_shared_memory')

/** The window's packet on a page that is to be isolated, with a fault in how it is served. */
async function admitted(engine: Engine, planted: PlantedPageFault | null): Promise<HostPacket> {
  const found = findEngine(engine)
  if (!found.found) throw new Error(found.reason)
  const artifact = await loadArtifact('native')
  const subject = await declaredInLab(artifact)
  const served = await serveArtifact(artifact, { slots: 1, port: null, scenarios: [], ...(planted === null ? {} : { planted: { page: planted } }) })
  try {
    const access = await openEngineAccess({ found, loopback: served.loopback, bridge: served.bridge, window_slot: 0, worker_slots: [], signal: new AbortController().signal, report: () => undefined })
    try {
      return await access.admit({ role: 'window', subject, page: 'isolated', needs: ['shared_array_buffer'] })
    } finally {
      await access.close()
    }
  } finally {
    await served.close()
  }
}

const judged = ({ admission, subject, probe }: HostPacket) => judge({
  scenario: scenario!, admission, admitted: { host_role: 'window', subject, probe }, lab: null, attempts: [], infrastructure: null, engine_available: true,
  bridge_logs_agree: admission.route === 'bridge' ? true : null, peers_from_model: true, capture_manifest_path: null, normalized_record_path: null,
})

test('T4 browser_surface: a server that forgets a header of isolation → invalid_experiment, blocked_missing_virtualization; the engine is not blamed', async ({ kit }) => {
  const sound = await admitted(kit.engine, null)
  expect(sound.probe).toMatchObject({ proven_role: 'window', cross_origin_isolated: true })
  expect(judged(sound).eligibility_verdict).not.toBe('blocked_missing_virtualization')
  const faulty = await admitted(kit.engine, 'no_opener_policy')
  expect(faulty.probe).toMatchObject({ proven_role: 'window', cross_origin_isolated: false })
  const judgement = judged(faulty)
  expect(judgement).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization' })
  expect(judgement.findings[0]).toMatchObject({ law: 'admission', field: 'page', expected: 'isolated' })
})
