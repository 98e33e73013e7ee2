// Everything a run needs: npm packages, the build, the engines. Depends on nothing but Node; does nothing that is done.
import './setup/node-version.mjs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setUpBuild } from './setup/build.mjs'
import { ENGINES, setUpEngines } from './setup/engines.mjs'
import { setUpPackages } from './setup/packages.mjs'

/** Sets this clone up, from its root. `engines`: true for all, false for none, or their names. Ends the process with 3 when it cannot. */
export async function setUp({ engines = true } = {}) {
  process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
  // Standard output belongs to what runs next.
  const say = (line) => console.error(`set-up: ${line}`)
  try {
    await setUpPackages(say)
    await setUpBuild(say)
    if (engines) await setUpEngines(engines === true ? ENGINES : engines, say)
  } catch (error) {
    say(error.message)
    process.exit(3)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setUp()
