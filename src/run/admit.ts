import type { Admission, EngineIdentity, HostPacket, SubjectDeclaration } from '../contract/host.js'
import { laneId } from '../contract/lane.js'
import type { HostRole } from '../contract/vocabulary.js'
import { bridgeLogsAgree } from '../judge/capture-facts.js'
import { climb, hostFindings } from '../../lanes/ladder.js'
import type { AttemptResult } from './attempt.js'

/** The harness's own pages: served from 127.0.0.1, without isolation headers. */
const HARNESS_PAGE = { secure_context: true, cross_origin_isolated: false }

/** How a probe is carried out: a realm of the role is made, says hello and, if asked, tries the bridge. */
export type ProbeRealm = (role: HostRole, what: 'hello_only' | 'probe_bridge') => Promise<AttemptResult>

/** Proves a role in an engine and climbs the ladder for the subject: the host packet. */
export async function admit(identity: EngineIdentity, role: HostRole, subject: SubjectDeclaration, probeRealm: ProbeRealm): Promise<HostPacket> {
  const seen = await probeRealm(role, 'hello_only')
  const first = climb({ realm: seen.probe, wanted_role: role, subject, page: HARNESS_PAGE, bridge: 'not_tried' })
  const admission = 'needs_bridge' in first ? await overBridge(role, subject, seen, probeRealm) : first
  return packet(identity, role, seen.subject ?? subject, seen, admission)
}

async function overBridge(role: HostRole, subject: SubjectDeclaration, seen: AttemptResult, probeRealm: ProbeRealm): Promise<Admission> {
  const tried = await probeRealm(role, 'probe_bridge')
  const bridge = tried.end?.type === 'done' && bridgeLogsAgree(tried.events) === true ? 'completed' : 'unreachable'
  const second = climb({ realm: seen.probe, wanted_role: role, subject, page: HARNESS_PAGE, bridge })
  if ('needs_bridge' in second) throw new Error('the ladder asked for the bridge twice')
  return second
}

function packet(identity: EngineIdentity, role: HostRole, subject: SubjectDeclaration, seen: AttemptResult, admission: Admission): HostPacket {
  const lost = seen.infrastructure === null ? [] : [`the realm could not be had: ${seen.infrastructure.detail}`]
  return {
    schema: 'lanecheck.host-packet.v1',
    ...identity,
    host_role: role,
    lane_id: laneId(identity.engine, role, admission.route),
    support_class: admission.support_class,
    reason_code: admission.reason_code,
    admission,
    probe: seen.probe,
    subject,
    findings: [...lost, ...(seen.probe === null ? [] : hostFindings(subject, seen.probe))],
  }
}
