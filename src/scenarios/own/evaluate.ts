// A thread in which a bundled scenario file is evaluated: a loop without end in it is ended from outside.
import { parentPort, workerData } from 'node:worker_threads'

export type Evaluated = { ok: true; exported: unknown } | { ok: false; message: string }

const { code } = workerData as { code: string }
const answer = (evaluated: Evaluated): void => parentPort?.postMessage(evaluated)
try {
  const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`) as { default?: unknown }
  // Whatever is no data, a function say, cannot be sent.
  answer(module.default === undefined ? { ok: false, message: 'the module has no default export' } : { ok: true, exported: module.default })
} catch (error) {
  answer({ ok: false, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
}
