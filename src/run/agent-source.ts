import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package-root.js'

/** The harness page's script, as it was built. */
export const agentSource = (): Promise<string> => readFile(join(packageRoot(), 'dist/agent.js'), 'utf8')

/** The canaries' script, as it was built. */
export const canarySource = (): Promise<string> => readFile(join(packageRoot(), 'dist/artifacts/canary.js'), 'utf8')
