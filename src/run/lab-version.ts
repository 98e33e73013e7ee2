import { sha256Hex } from '../evidence/digest.js'
import { labHostSource } from '../lab/host-source.js'
import { packageVersion } from '../package-root.js'

/** Which lab this is: the package's version and what its virtual globals are, so that a changed lab is not taken for a changed subject. */
export const labVersion = async (): Promise<string> => `${packageVersion()}+${sha256Hex(await labHostSource()).slice(0, 16)}`
