import { runHere } from './package/local.js'
import { runOnServer } from './package/remote.js'

export { whereAmI } from './package/detect.js'

/**
 * A package that finds out by itself where it runs, and has a server of its own for everywhere else, told to lanecheck.
 * @type {import('lanecheck').Subject}
 */
export default {
  name: 'own-downgrade',
  version: '1.0.0',
  requires: ['timers', 'websocket'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: true,
  downgrade: {
    classify: 'whereAmI',
    words: {
      support_class: { local: 'direct', remote: 'bridge_only' },
      reason_code: { 'all-there': 'admitted_direct', 'no-sockets': 'downgrade_to_server_bridge', 'strange-scope': 'downgrade_to_server_bridge' },
    },
    server: { kind: 'command', command: ['node', 'server.mjs'], ready: { path: '/health' }, limit_ms: 10_000 },
  },
  start: async ({ own_server }) => (own_server === undefined ? runHere() : runOnServer(own_server)),
}
