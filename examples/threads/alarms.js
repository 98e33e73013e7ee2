// The package under test: alarms whose ringing a thread of its own decides, over memory that both threads have.
import wasm from './alarm.wasm?url'

const [PENDING, RUNG, STOPPED] = [0, 1, 2]
/** Where an engine has no Atomics.waitAsync, the slot is looked at so often, in ms. */
const LOOK_EVERY_MS = 2

/** Runs in the thread: it gets the module and the memory, then a slot for each alarm that is due. */
function thread() {
  let ring
  globalThis.onmessage = async ({ data }) => {
    if (data.module) {
      const { exports } = await WebAssembly.instantiate(data.module, { env: { memory: data.memory } })
      ring = (slot) => exports.settle(slot, 1)
      return postMessage('ready')
    }
    ring(data.slot)
  }
}

/** A thread needs a worker to be, and memory that may be given to it. */
const mayThread = () => typeof Worker === 'function' && globalThis.crossOriginIsolated === true

/** Starts the package; with one thread where it may not have two, as in Node. */
export async function start() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true })
  const module = await WebAssembly.compile(await (await fetch(wasm)).arrayBuffer())
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } })
  const slots = new Int32Array(memory.buffer)
  const worker = mayThread() ? await startThread(module, memory) : null
  const ringing = new Map()

  async function rung(slot) {
    if (typeof Atomics.waitAsync === 'function') {
      const wait = Atomics.waitAsync(slots, slot >> 2, PENDING)
      if (wait.async) await wait.value
    }
    while (exports.state(slot) === PENDING && ringing.has(slot)) await new Promise((look) => { setTimeout(look, LOOK_EVERY_MS) })
  }

  return {
    threads: worker === null ? 1 : 2,
    set(ms, ring) {
      const slot = exports.claim()
      const fire = () => { if (exports.state(slot) === RUNG && ringing.delete(slot)) ring() }
      // The timer stays in this realm, where it can be seen; who is due is settled by the thread, and this realm woken by it.
      ringing.set(slot, setTimeout(() => {
        if (worker !== null) worker.postMessage({ slot })
        else if (exports.settle(slot, RUNG) === 1) fire()
      }, ms))
      if (worker !== null) void rung(slot).then(fire)
      return slot
    },
    stop(slot) {
      clearTimeout(ringing.get(slot))
      ringing.delete(slot)
      exports.settle(slot, STOPPED)
    },
    end() {
      for (const slot of [...ringing.keys()]) this.stop(slot)
      worker?.terminate()
    },
  }
}

function startThread(module, memory) {
  const url = URL.createObjectURL(new Blob([`(${thread})()`], { type: 'text/javascript' }))
  const worker = new Worker(url)
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker)
    worker.onerror = ({ message }) => reject(new Error(`the thread did not start: ${message}`))
    worker.postMessage({ module, memory })
  }).finally(() => URL.revokeObjectURL(url))
}
