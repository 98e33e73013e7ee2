import subject from '../../../examples/threads/subject.js'

/** The same on a page that is not isolated. */
export default { ...subject, page: 'plain' }
