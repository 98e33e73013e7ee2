import { isLanecheckError } from '../contract/errors.js'
import type { HostPacket } from '../contract/host.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'
import { findEngine } from '../../lanes/engines/find.js'
import { loadArtifact } from './artifact.js'
import { openEngineAccess } from './engine-access.js'
import { serveArtifact } from './served.js'
import { declaredInLab } from './subject-in-lab.js'

export interface ProbeOutcome {
  packets: HostPacket[]
  missing: Array<{ engine: Engine; reason: string }>
}

/** Has the realms of each engine prove their roles; an engine that cannot be had is listed as missing. */
export async function probeAll(options: { engines: Engine[]; roles: HostRole[]; subject: string; signal: AbortSignal; say?(line: string): void }): Promise<ProbeOutcome> {
  const artifact = await loadArtifact(options.subject, { signal: options.signal })
  const declaration = await declaredInLab(artifact)
  const served = await serveArtifact(artifact, { slots: options.engines.length * 2, port: null, scenarios: [], subject: declaration, signal: options.signal })
  const { loopback, bridge, own_server } = served
  const outcome: ProbeOutcome = { packets: [], missing: [] }
  try {
    await Promise.all(options.engines.map(async (engine, index) => {
      const found = findEngine(engine)
      if (!found.found) return void outcome.missing.push({ engine, reason: `${found.reason}; to have it: ${found.install}` })
      options.say?.(`${engine}: starting ${found.engine_product}, ${options.roles.length} roles`)
      const access = await openEngineAccess({ found, loopback, bridge, own_server, window_slot: index * 2, worker_slots: [index * 2 + 1], signal: options.signal, report: () => undefined })
      try {
        for (const role of options.roles) outcome.packets.push(await access.admit({ role, subject: declaration, page: declaration.page ?? 'plain', needs: [] }))
      } catch (error) {
        if (!isLanecheckError(error)) throw error
        outcome.missing.push({ engine, reason: error.message })
      } finally {
        await access.close()
      }
    }))
  } finally {
    await served.close()
  }
  outcome.packets.sort((one, other) => one.lane_id.localeCompare(other.lane_id))
  return outcome
}
