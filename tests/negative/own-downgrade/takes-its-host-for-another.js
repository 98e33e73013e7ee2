import subject, { whereAmI } from '../../../examples/own-downgrade/subject.js'

/** Says that it is at home where it is not, and the other way about. */
export function liar() {
  return whereAmI().support_class === 'local' ? { support_class: 'remote', reason_code: 'strange-scope' } : { support_class: 'local', reason_code: 'all-there' }
}

export default { ...subject, downgrade: { ...subject.downgrade, classify: 'liar', server: { ...subject.downgrade.server, command: ['node', '../../../examples/own-downgrade/server.mjs'] } } }
