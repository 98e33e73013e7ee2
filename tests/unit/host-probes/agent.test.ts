import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentMessageSchema, type AgentCommand, type AgentMessage } from '../../../src/loopback/agent-protocol.js'

let socket: { url: URL; said: AgentMessage[]; onopen(): void; onmessage(event: { data: string }): void }

/** A page's globals as far as the agent uses them; `made` lists what it makes and lets go. */
async function agentPage() {
  const made: string[] = []
  const workers: Array<{ onerror?: (error: unknown) => void }> = []
  vi.stubGlobal('location', { href: 'http://127.0.0.1:4000/token/agent/0.html' })
  vi.stubGlobal('WebSocket', class {
    said: AgentMessage[] = []
    constructor(readonly url: URL) { socket = this as unknown as typeof socket }
    send(text: string): void { this.said.push(AgentMessageSchema.parse(JSON.parse(text))) }
  })
  vi.stubGlobal('Worker', class {
    constructor(readonly url: string) {
      if (url.includes('bad')) throw new SyntaxError('no such address')
      made.push(`worker ${url}`)
      workers.push(this as object)
    }
    terminate(): void { made.push('terminated') }
  })
  vi.stubGlobal('SharedWorker', class {
    port = { start: () => made.push('port started'), close: () => made.push('port closed') }
    constructor(url: string) { made.push(`shared ${url}`); workers.push(this as object) }
  })
  vi.stubGlobal('navigator', { serviceWorker: { register: (url: string, { scope }: { scope: string }) => {
    made.push(`service ${url} for ${scope}`)
    return url.includes('bad') ? Promise.reject(new TypeError('no such script')) : Promise.resolve({ unregister: () => { made.push('unregistered'); return Promise.resolve(true) } })
  } } })
  vi.resetModules()
  await import('../../../host-probes/agent.js')
  socket.onopen()
  const command = async (message: AgentCommand): Promise<void> => {
    socket.onmessage({ data: JSON.stringify(message) })
    await new Promise((go) => setImmediate(go))
  }
  return { made, workers, command }
}

const spawn = (role: 'dedicated_worker' | 'shared_worker' | 'service_worker', script = 'realm.js'): AgentCommand =>
  ({ type: 'spawn', role, attempt: 'a', script, ...(role === 'service_worker' ? { scope: '/scope/' } : {}) })
const reap: AgentCommand = { type: 'reap', attempt: 'a' }

describe('T0 browser_surface: the harness page', () => {
  let page: Awaited<ReturnType<typeof agentPage>>
  beforeEach(async () => { page = await agentPage() })
  afterEach(() => { vi.unstubAllGlobals() })

  it('connects beside its own address and says that it is ready', () => {
    expect(socket.url.href).toBe('ws://127.0.0.1:4000/token/agent/0/control')
    expect(socket.said).toEqual([{ type: 'ready' }])
  })

  it.each([
    ['dedicated_worker', ['worker realm.js'], 'terminated'],
    ['shared_worker', ['shared realm.js', 'port started'], 'port closed'],
    ['service_worker', ['service realm.js for /scope/'], 'unregistered'],
  ] as const)('makes a %s and lets it go', async (role, made, gone) => {
    await page.command(spawn(role))
    expect(page.made).toEqual(made)
    expect(socket.said.at(-1)).toEqual({ type: 'spawned', attempt: 'a' })
    await page.command(reap)
    expect(page.made.at(-1)).toBe(gone)
    expect(socket.said.at(-1)).toEqual({ type: 'reaped', attempt: 'a' })
    await page.command(reap)
    expect(page.made.filter((what) => what === gone)).toHaveLength(1)
  })

  it('tells what goes wrong, under the attempt it belongs to', async () => {
    await page.command(spawn('service_worker', 'bad.js'))
    expect(socket.said.at(-1)).toEqual({ type: 'error', attempt: 'a', message: 'no such script' })
    await page.command(spawn('dedicated_worker', 'bad.js'))
    expect(socket.said.at(-1)).toEqual({ type: 'error', attempt: 'a', message: 'no such address' })
    await page.command(spawn('dedicated_worker'))
    page.workers[0]!.onerror!({ message: 'it broke' })
    expect(socket.said.at(-1)).toEqual({ type: 'error', attempt: 'a', message: 'it broke' })
    await page.command(spawn('shared_worker'))
    page.workers[1]!.onerror!('no message')
    expect(socket.said.at(-1)).toEqual({ type: 'error', attempt: 'a', message: 'no message' })
  })
})
