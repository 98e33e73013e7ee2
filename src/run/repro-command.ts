import { sep } from 'node:path'
import type { CellId } from '../contract/lane.js'
import type { WorkerEndTime } from '../contract/worker-end.js'
import type { WasmDelivery } from '../vite/wasm-delivery.js'
import { packageRoot } from '../package-root.js'

/** The command that runs one cell again, for the folder this run was started in; its evidence goes to a new folder of its own. */
export function reproCommand(cell: CellId, subject: string, seed: number, end_service_worker?: WorkerEndTime, scenario_files: readonly string[] = [], wasm?: WasmDelivery): string {
  const installed = packageRoot().includes(`${sep}node_modules${sep}`)
  const verify = installed ? 'npx lanecheck verify' : 'npm run verify --'
  const files = scenario_files.map((glob) => ` --scenarios ${quoted(glob)}`).join('')
  return `${verify} --subject ${quoted(subject)} --cell ${cell} --seed ${seed}${files}${end_service_worker === undefined ? '' : ` --end-service-worker ${end_service_worker}`}${wasm === undefined ? '' : ` --wasm ${wasm}`} --out "$(mktemp -d)"`
}

const quoted = (text: string): string => (/^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
