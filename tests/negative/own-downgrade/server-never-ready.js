import subject from '../../../examples/own-downgrade/subject.js'

export { whereAmI } from '../../../examples/own-downgrade/subject.js'

/** Its server starts, and never listens. */
export default { ...subject, downgrade: { ...subject.downgrade, server: { ...subject.downgrade.server, command: ['node', '-e', 'setInterval(() => {}, 1000)'], limit_ms: 500 } } }
