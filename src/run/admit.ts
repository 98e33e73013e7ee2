import type { Admission, EngineIdentity, HostPacket, SubjectDeclaration } from '../contract/host.js'
import { claimLines } from '../contract/own-downgrade.js'
import { laneId } from '../contract/lane.js'
import { pageFacts, type Admittance } from '../contract/page-conditions.js'
import type { HostRole } from '../contract/vocabulary.js'
import { bridgeLogsAgree } from '../judge/capture-facts.js'
import { climb, hostFindings, type LadderInput } from '../../lanes/ladder.js'
import type { AttemptResult } from './attempt.js'

/** Whom to admit where, and under what. */
export interface AdmissionAsked extends Admittance {
  role: HostRole
  subject: SubjectDeclaration
}

/** How a probe is carried out: a realm is made, says hello and, if asked, tries the bridge. */
export type ProbeRealm = (asked: AdmissionAsked, what: 'hello_only' | 'probe_bridge') => Promise<AttemptResult>

/** Proves a role in an engine and climbs the ladder for the subject: the host packet. */
export async function admit(identity: EngineIdentity, asked: AdmissionAsked, probeRealm: ProbeRealm): Promise<HostPacket> {
  const seen = await probeRealm(asked, 'hello_only')
  const first = climb(rung(asked, seen, 'not_tried'))
  if (!('needs_bridge' in first)) return packet(identity, asked, seen, first, [])
  const { admission, why } = await overBridge(asked, seen, probeRealm)
  return packet(identity, asked, seen, admission, why === null || asked.subject.downgrade?.server === undefined ? [] : [`its own server: ${why}`])
}

const rung = ({ role, subject, page, needs }: AdmissionAsked, { probe }: AttemptResult, bridge: LadderInput['bridge']): LadderInput =>
  ({ realm: probe, wanted_role: role, subject, needs, page: pageFacts(page), bridge })

async function overBridge(asked: AdmissionAsked, seen: AttemptResult, probeRealm: ProbeRealm): Promise<{ admission: Admission; why: string | null }> {
  const tried = await probeRealm(asked, 'probe_bridge')
  const bridge = tried.end?.type === 'done' && bridgeLogsAgree(tried.events) === true ? 'completed' : 'unreachable'
  const second = climb(rung(asked, seen, bridge))
  if ('needs_bridge' in second) throw new Error('the ladder asked for the bridge twice')
  const why = tried.infrastructure?.detail ?? (tried.end?.type === 'failed' ? tried.end.message : 'no handshake that both sides logged')
  return { admission: second, why: bridge === 'completed' ? null : why }
}

function packet(identity: EngineIdentity, { role, page, needs, without, subject: given }: AdmissionAsked, seen: AttemptResult, admission: Admission, of_bridge: string[]): HostPacket {
  const subject = seen.subject ?? given
  const why = seen.infrastructure?.detail ?? (seen.probe === null && seen.end?.type === 'failed' ? `its module failed there, ${seen.end.message}` : null)
  const lost = why === null ? [] : [`the realm could not be had: ${why}`]
  return {
    schema: 'lanecheck.host-packet.v1',
    ...identity,
    host_role: role,
    page,
    needs: [...needs].sort(),
    ...(without === undefined ? {} : { without: [...without].sort() }),
    lane_id: laneId(identity.engine, role, admission.route),
    support_class: admission.support_class,
    reason_code: admission.reason_code,
    admission,
    probe: seen.probe,
    subject,
    findings: [...lost, ...of_bridge, ...(seen.probe === null ? [] : hostFindings(subject, seen.probe)), ...claimLines(subject, admission)],
  }
}
