import type { TestProject } from 'vitest/node'
import { runCatalogue } from './run.js'

/** Set-up of mutation testing: the lab runs once, before any mutant, instead of once a test file and mutant. */
export default async function provideTraces(project: TestProject): Promise<void> {
  project.provide('labTraces', await runCatalogue())
}
