import { HostPacketSchema, type HostPacket, type SubjectDeclaration } from '../contract/host.js'
import { claimLines } from '../contract/own-downgrade.js'
import { laneId } from '../contract/lane.js'
import { packetPath, pageFacts } from '../contract/page-conditions.js'
import type { Plan } from '../contract/verdict.js'
import { climb, hostFindings } from '../../lanes/ladder.js'
import type { Folder } from './folder.js'
import { packetPlace } from './places.js'

/** Each host packet by its path: it belongs where it lies, was planned, and its admission comes out of its probe by the ladder. */
export function checkHosts(folder: Folder, plan: Plan | null): Map<string, HostPacket> {
  const packets = new Map<string, HostPacket>()
  for (const path of folder.paths) {
    const place = packetPlace(path)
    const packet = place === null ? null : folder.record(path, HostPacketSchema)
    if (place === null || packet === null) continue
    packets.set(path, packet)
    folder.compare('misplaced', path, place, { engine: packet.engine, host_role: packet.host_role })
    const own = packetPath(packet.engine, packet.host_role, packet)
    if (own !== path) folder.say('misplaced', path, null, own, path)
    const { admission } = packet
    const told = { support_class: packet.support_class, reason_code: packet.reason_code, lane_id: packet.lane_id }
    folder.compare('admission_differs', path, { support_class: admission.support_class, reason_code: admission.reason_code, lane_id: laneId(packet.engine, packet.host_role, admission.route) }, told)
    if (plan !== null) againstPlan(folder, path, packet, plan)
  }
  return packets
}

function againstPlan(folder: Folder, path: string, packet: HostPacket, plan: Plan): void {
  if (!plan.cells.some(({ engine, host_role }) => engine === packet.engine && host_role === packet.host_role)) folder.say('file_added', path, null, 'a realm of the plan', `${packet.engine}.${packet.host_role}`)
  folder.compare('other_run', path, declared(plan.subject), declared(packet.subject), 'subject')
  const own = packet.probe === null ? [] : hostFindings(packet.subject, packet.probe)
  folder.compare('admission_differs', path, [...own, ...claimLines(packet.subject, packet.admission)], packet.findings.filter((finding) => !finding.startsWith(LOST) && !finding.startsWith(OWN_SERVER)), 'findings')
  const { support_class, reason_code, route, cause } = packet.admission
  folder.compare('admission_differs', path, climbed(packet, plan), { support_class, reason_code, route, cause }, 'admission')
}

/** What a subject says of itself wherever it is asked; how it classifies its host is another matter in each. */
const declared = ({ classification: _, claim: __, ...rest }: SubjectDeclaration): Omit<SubjectDeclaration, 'classification' | 'claim'> => rest

/** How a finding begins that tells of a realm's loss; the rest come out of the probe. */
const LOST = 'the realm could not be had: '
/** How one begins that tells why the subject's own server could not be reached. */
const OWN_SERVER = 'its own server: '

/** The ladder's answer to the packet's own probe. What the bridge said is told by the admission alone; the cells that ran over it prove it. */
function climbed({ probe, host_role, page, needs, admission }: HostPacket, plan: Plan): unknown {
  const bridge = admission.route === 'bridge' ? 'completed' : admission.reason_code === 'bridge_unreachable' ? 'unreachable' : 'not_tried'
  const answer = climb({ realm: probe, wanted_role: host_role, subject: plan.subject, needs, page: pageFacts(page), bridge })
  if ('needs_bridge' in answer) return { support_class: 'bridge_only, or unsupported once the bridge was tried' }
  const { support_class, reason_code, route, cause } = answer
  return { support_class, reason_code, route, cause }
}
