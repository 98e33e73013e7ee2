import { join } from 'node:path'
import { loadConfig } from '../../../src/config/lanecheck-config.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { expectationFindings } from '../../../src/judge/compare-expectation.js'
import type { Finding } from '../../../src/judge/findings.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { normalize } from '../../../src/judge/normalize.js'
import { runLabTwice, type LabTrace } from '../../../src/lab/run-lab.js'
import { packageRoot } from '../../../src/package-root.js'
import { loadOwnScenarios } from '../../../src/scenarios/own/load.js'
import { bundleSubject } from '../../../src/subjects/bundle.js'

/** How one scenario of an example went in the lab. */
export interface LabCell { scenario: Scenario; trace: LabTrace; deterministic: boolean; findings: string[] }

export interface Example {
  folder: string
  scenarios: Scenario[]
  /** Runs one twice in the lab, as `verify` would. */
  cell(scenario: Scenario): Promise<LabCell>
}

/** An example as its own config has it, bundled once. */
export async function exampleOf(name: string): Promise<Example> {
  const folder = join(packageRoot(), 'examples', name)
  const { subject, scenarios: globs } = loadConfig(folder)
  if (subject === undefined || globs === undefined) throw new Error(`${folder}: its config names no subject, or no scenarios`)
  const { source: artifact, assets } = await bundleSubject(join(folder, subject))
  return {
    folder,
    scenarios: await loadOwnScenarios(globs, folder),
    cell: async (scenario) => {
      const { first: trace, deterministic } = await runLabTwice({ artifact, assets, scenario, seed: 7 })
      const record = normalize({ scenario, events: trace.events, clock_source: 'virtual_clock', end: { stalled: trace.end.type === 'done' && trace.end.stalled }, digest: canonicalDigest })
      return { scenario, trace, deterministic, findings: [...expectationFindings(scenario, record, 'lab', 0), ...hardBreaks(scenario, record, 0)].map(said) }
    },
  }
}

const said = ({ law, field, expected, found }: Finding): string => `${law} ${field}: expected ${expected}, found ${found}`
