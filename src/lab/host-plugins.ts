import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const HOST = join(dirname(fileURLToPath(import.meta.url)), 'host')

/** What the lab's virtual globals are bundled with: the fake IndexedDB queues its tasks in the lab's own queue, and looks for no other. */
export const labHostPlugins = (): Plugin[] => [{
  name: 'lanecheck:lab-host',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!source.endsWith('/scheduling.js') || importer?.includes('fake-indexeddb') !== true) return null
    return ['indexed-db-tasks.js', 'indexed-db-tasks.ts'].map((name) => join(HOST, name)).find((path) => existsSync(path)) ?? null
  },
}]
