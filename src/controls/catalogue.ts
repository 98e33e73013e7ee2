import type { Control, OfflineControl } from './control.js'
import { LIVE_CONTROLS } from './live.js'
import { BRIDGE_LOG } from './offline/bridge-log.js'
import { CLOCK } from './offline/clock.js'
import { HOST_PACKET } from './offline/host-packet.js'
import { LEDGER } from './offline/ledger.js'
import { MANIFEST } from './offline/manifest.js'
import { PEER } from './offline/peer.js'
import { RECORDER } from './offline/recorder.js'
import { REPORT } from './offline/report.js'
import { SUBJECT } from './offline/subject.js'

/** Controls that need no engine. */
export const OFFLINE_CONTROLS: readonly OfflineControl[] = [...SUBJECT, ...RECORDER, ...PEER, ...CLOCK, ...MANIFEST, ...HOST_PACKET, ...BRIDGE_LOG, ...LEDGER, ...REPORT]

/** All negative controls: live ones first. */
export const CONTROLS: readonly Control[] = [...LIVE_CONTROLS, ...OFFLINE_CONTROLS]
