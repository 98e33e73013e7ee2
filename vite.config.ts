import { defineConfig } from 'vitest/config'

// Node's side of the package and the sources that are bundled into realms, module by module into dist/.
// The scripts that run in realms are bundled from there by `scripts/build.mjs`.
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: [
        'src/index.ts', 'src/cli/main.ts', 'src/subjects/bundle.ts', 'src/lab/host/entry.ts', 'src/lab/host/indexed-db-tasks.ts', 'src/lab/lab-worker.ts', 'src/scenarios/own/evaluate.ts', 'lanes/engines/find.ts', 'src/gate/tier-record.ts', 'src/playwright/index.ts', 'src/vite/index.ts', 'src/playwright/host-process.ts',
        'host-probes/realm.ts', 'host-probes/assets.ts', 'host-probes/recorder/install.ts', 'host-probes/agent.ts', 'bridge/worker.ts', 'bench/main.ts',
      ],
      output: { preserveModules: true, preserveModulesRoot: '.', entryFileNames: '[name].js' },
    },
  },
  test: {
    include: ['tests/{unit,golden,package}/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
