import subject from '../../../examples/own-downgrade/subject.js'

export { whereAmI } from '../../../examples/own-downgrade/subject.js'

/** Its server fires timers in half their time, and dies when it is to open a socket. */
export default { ...subject, downgrade: { ...subject.downgrade, server: { ...subject.downgrade.server, command: ['node', 'server-lies.mjs'] } } }
