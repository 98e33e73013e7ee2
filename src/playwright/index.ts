import { join } from 'node:path'
import { expect as baseExpect, test as baseTest, type Expect, type PlaywrightTestArgs, type PlaywrightTestOptions, type PlaywrightWorkerArgs, type PlaywrightWorkerOptions, type TestType } from '@playwright/test'
import type { Cell } from './cell.js'
import { keepVerdicts, leftOut } from './kept-verdicts.js'
import { laneHost, type LaneHost } from './lane-host.js'
import { matchers } from './matchers.js'
import { runner, type CellRequest, type CellsRequest, type Lane, type Runner } from './run-cells.js'

export type { Cell } from './cell.js'
export type { BridgeDemand, UnsupportedDemand } from './demands.js'
export type { CellRequest, CellsRequest, Lane, RunRequest } from './run-cells.js'
export type { Verdict } from '../contract/verdict.js'

/** What `test.use` and `use` of a project may set. */
export interface LaneOptions {
  /** Where cells are run; without an engine it is the project's `browserName`, without a host role the window. */
  lane: Partial<Lane>
  /** `reference`, `native`, or the path of a module whose default export is a `Subject`, from the folder of the configuration; null: that of the `lanecheck.config.*` there, else `reference`. */
  subject: string | null
  /** Globs over files with scenarios of your own, from the folder of the configuration; null: those of the `lanecheck.config.*` there. */
  scenario_files: readonly string[] | null
  /** Seed of everything that is drawn by lot. */
  seed: number
}

export interface LaneFixtures {
  /** Runs one scenario in the lane, in the lab and live, and judges it. Throws what `lanecheck verify` throws, and `retry_hides_verdict`. */
  runCell(request: CellRequest): Promise<Cell>
  /** Runs all scenarios that match, in one run. Throws as `runCell`. */
  cells(request: CellsRequest): Promise<Cell[]>
}

interface Hidden { laneRunner: Runner }
interface HiddenInWorker { laneHost: LaneHost }

/** Time that the worker is given to end its engines, in ms. */
const HOST_LIMIT_MS = 30_000
const KEPT_FOLDER = '.lanecheck'

/** Playwright's `test` with a lane, a subject and cells; an engine is kept warm from test to test of a worker. */
export const test: TestType<PlaywrightTestArgs & PlaywrightTestOptions & LaneOptions & LaneFixtures, PlaywrightWorkerArgs & PlaywrightWorkerOptions> = baseTest.extend<LaneOptions & LaneFixtures & Hidden, HiddenInWorker>({
  lane: [{}, { option: true }],
  subject: [null, { option: true }],
  scenario_files: [null, { option: true }],
  seed: [1, { option: true }],
  laneHost: [async ({}, use) => {
    const host = laneHost()
    await use(host)
    await host.close()
  }, { scope: 'worker', timeout: HOST_LIMIT_MS }],
  laneRunner: async ({ lane, subject, scenario_files, seed, browserName, laneHost: host }, use, info) => {
    const kept = keepVerdicts(join(info.project.outputDir, KEPT_FOLDER, `${info.testId}.json`), info.testId, info.retry)
    await use(runner(host, { lane, subject, scenario_files, seed, engine: browserName }, kept, info))
    // A test that was cut off must leave nothing under way.
    await host.cut()
    const unseen = kept.unseen()
    if (unseen.length > 0 && (info.status === info.expectedStatus || info.status === 'skipped')) throw leftOut(unseen)
  },
  runCell: ({ laneRunner }, use) => use(laneRunner.runCell),
  cells: ({ laneRunner }, use) => use(laneRunner.cells),
})

/** Playwright's `expect` with `toHoldParity`, `toBeBridgeOnly` and `toBeUnsupported`. */
export const expect: Expect<typeof matchers> = baseExpect.extend(matchers)
