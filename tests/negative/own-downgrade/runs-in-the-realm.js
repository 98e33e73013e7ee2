import subject from '../../../examples/own-downgrade/subject.js'
import { runHere } from '../../../examples/own-downgrade/package/local.js'
import { runOnServer } from '../../../examples/own-downgrade/package/remote.js'

export { whereAmI } from '../../../examples/own-downgrade/subject.js'

/** Greets its server where it is bridged, and then does all the work in the realm. */
async function start(host) {
  const here = runHere()
  if (host.own_server === undefined) return here
  const server = await runOnServer(host.own_server)
  return { ...here, shutdown: async () => { await Promise.all([here.shutdown(), server.shutdown()]) } }
}

export default { ...subject, start, downgrade: { ...subject.downgrade, server: { ...subject.downgrade.server, command: ['node', '../../../examples/own-downgrade/server.mjs'] } } }
