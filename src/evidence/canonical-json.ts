// Where a realm and the judge need it too.
export { canonicalJson } from '../contract/canonical-json.js'
