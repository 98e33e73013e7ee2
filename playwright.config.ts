import { defineConfig } from '@playwright/test'
import { ENGINES } from './src/contract/vocabulary.js'
import type { LaneOptions } from './src/playwright/index.js'

/** Lane tests: real engines, one project each. Engines are found, launched and named by the kit itself, not by Playwright's fixtures. */
export default defineConfig<LaneOptions>({
  testDir: 'tests',
  testMatch: ['lanes/**/*.spec.ts', 'negative/**/*.spec.ts', 'stress/**/*.spec.ts'],
  timeout: 120_000,
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  projects: ENGINES.map((engine) => ({ name: engine, metadata: { engine }, use: { lane: { engine } } })),
})
