import type { AgentCommand, AgentMessage } from '../src/loopback/agent-protocol.js'

/**
 * The harness page: it makes worker realms when Node asks and lets them go again.
 * It waits for nothing and judges nothing; every limit is held in Node.
 */
const url = new URL(location.href.replace(/\.html$/, '/control'))
url.protocol = 'ws:'
const socket = new WebSocket(url)
const letGo = new Map<string, () => unknown>()
/** Service workers, and how to have each again. */
const registered = new Map<string, { registration: ServiceWorkerRegistration; again(): void }>()

const send = (message: AgentMessage): void => socket.send(JSON.stringify(message))
const report = (attempt: string) => (error: unknown): void => {
  const { message } = error as { message?: string }
  send({ type: 'error', attempt, message: message ?? String(error) })
}

type Spawn = Extract<AgentCommand, { type: 'spawn' }>

const SPAWN: Record<Spawn['role'], (command: Spawn) => Promise<() => unknown>> = {
  dedicated_worker: async ({ script, attempt }) => {
    const worker = new Worker(script)
    worker.onerror = report(attempt)
    return () => worker.terminate()
  },
  // The page cannot end a shared worker: it ends with its last port, or when Node tells the realm to close itself.
  shared_worker: async ({ script, attempt }) => {
    const worker = new SharedWorker(script)
    worker.onerror = report(attempt)
    worker.port.start()
    return () => worker.port.close()
  },
  service_worker: async (command) => {
    const registration = await navigator.serviceWorker.register(command.script, { scope: command.scope! })
    registered.set(command.attempt, { registration, again: () => spawn(command) })
    return () => {
      registered.delete(command.attempt)
      return registration.unregister()
    }
  },
}

function spawn(command: Spawn): void {
  const { attempt } = command
  SPAWN[command.role](command).then((release) => {
    letGo.set(attempt, release)
    send({ type: 'spawned', attempt })
  }, report(attempt))
}

async function end({ attempt, how }: Extract<AgentCommand, { type: 'end' }>): Promise<void> {
  const registration = registered.get(attempt)?.registration
  if (how === 'updated') await registration?.update()
  else await registration?.unregister()
}

/** One that is still registered hears a message; one that is not is registered anew. */
async function wake(attempt: string): Promise<void> {
  const { registration, again } = registered.get(attempt)!
  const known = await navigator.serviceWorker.getRegistration(registration.scope)
  const worker = known?.active ?? known?.waiting ?? known?.installing ?? null
  if (worker === null) again()
  else worker.postMessage('wake')
}

socket.onopen = () => send({ type: 'ready' })
socket.onmessage = ({ data }: MessageEvent<string>) => {
  const command = JSON.parse(data) as AgentCommand
  const { attempt } = command
  if (command.type === 'spawn') return spawn(command)
  if (command.type === 'end') return void end(command).catch(report(attempt))
  if (command.type === 'wake') return void wake(attempt).catch(report(attempt))
  const release = letGo.get(attempt)
  letGo.delete(attempt)
  Promise.resolve(release?.()).then(() => send({ type: 'reaped', attempt }), report(attempt))
}
