import subject from './subject.js'

/** The same in the window alone: elsewhere the bridge's worker loads the wasm. */
export default { ...subject, host_roles: ['window'] as const }
