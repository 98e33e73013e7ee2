import type { ChildProcess } from 'node:child_process'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { endGroup, groupMembers, startGroup } from '../lanes/processes.js'
import { KEPT_OUTPUT_BYTES, type OwnServerBlock, type OwnServerRecord, type ServerCommand } from '../src/contract/own-downgrade.js'

/** A subject's own server as a run has it; what is wrong with it is said, never thrown. */
export interface OwnServer {
  block: OwnServerBlock
  /** `http://127.0.0.1:<port>` */
  origin: string
  /** Resolves with the reason when it is lost; at once when it never came up. */
  lost: Promise<string>
  /** The same, for whoever does not wait; null while it is there. */
  why(): string | null
  /** Ends what was started, SIGTERM first; what is to be kept of it. May be called again. */
  stop(): Promise<Omit<OwnServerRecord, 'schema' | 'run_id'>>
}

export interface OwnServerOptions {
  /** Where the command runs. */
  cwd: string
  /** Added to this process's environment. */
  env: Record<string, string>
  signal: AbortSignal
  /** How long a server may take to end by SIGTERM, in ms. */
  grace_ms?: number
}

const HOST = '127.0.0.1'
const [POLL_MS, ASK_LIMIT_MS, CONNECT_LIMIT_MS, GRACE_MS] = [40, 1_000, 2_000, 2_000]

/** Starts a subject's own server and waits until it is ready, at most as long as its block says; one at an address is only looked for. */
export function startOwnServer(block: OwnServerBlock, options: OwnServerOptions): Promise<OwnServer> {
  return block.kind === 'address' ? lookFor(block) : startCommand(block, options)
}

async function lookFor(block: Extract<OwnServerBlock, { kind: 'address' }>): Promise<OwnServer> {
  const origin = block.url.replace(/\/$/, '')
  const { hostname, port } = new URL(origin)
  const why = (await listens(hostname.replace(/^\[|\]$/g, ''), Number(port))) ? null : `nobody listens at ${origin}`
  const silent = { bytes: 0, kept: '' }
  return {
    block, origin, why: () => why,
    lost: why === null ? new Promise(() => undefined) : Promise.resolve(why),
    stop: () => Promise.resolve({ server: block, ready: why === null, lost: why, ended: null, stdout: silent, stderr: silent }),
  }
}

async function startCommand(block: ServerCommand, { cwd, env, signal, grace_ms = GRACE_MS }: OwnServerOptions): Promise<OwnServer> {
  const port = block.port ?? await freePort()
  const origin = `http://${HOST}:${port}`
  let [reason, stopping, ready] = [null as string | null, false, false]
  let tell = (_why: string): void => undefined
  const lost = new Promise<string>((resolve) => { tell = resolve })
  const lose = (why: string): void => {
    if (reason !== null || stopping) return
    reason = why
    tell(why)
  }
  const started = block.port !== undefined && await listens(HOST, port) ? null : spawnIt(block, cwd, { ...env, LANECHECK_SERVER_HOST: HOST, LANECHECK_SERVER_PORT: String(port) })
  if (started === null) lose(`somebody else listens on port ${port} already`)
  started?.child.on('error', (error) => lose(`the command cannot be started: ${error.message}`))
  started?.child.on('exit', (code, by) => lose(`${ready ? 'it ended by itself in the run' : 'it ended before it was ready'}: ${by ?? `exit code ${code}`}${lastLine(started.stderr.text())}`))

  let ending: Promise<Omit<OwnServerRecord, 'schema' | 'run_id'>> | null = null
  const end = async (): Promise<Omit<OwnServerRecord, 'schema' | 'run_id'>> => {
    stopping = true
    const how = started === null ? null : await endIt(started.child, reason !== null && ready, grace_ms)
    const outputs = { stdout: started?.stdout.record() ?? { bytes: 0, kept: '' }, stderr: started?.stderr.record() ?? { bytes: 0, kept: '' } }
    return { server: block, ready, lost: reason, ended: started === null || how === null ? null : { how, code: started.child.exitCode, signal: started.child.signalCode }, ...outputs }
  }
  const server: OwnServer = { block, origin, lost, why: () => reason, stop: () => (ending ??= end()) }
  if (started !== null && await isReady(block, origin, started.stdout, () => reason !== null || signal.aborted)) ready = true
  else {
    lose(signal.aborted ? 'the run was interrupted before it was ready' : `it was not ready within ${block.limit_ms} ms`)
    await server.stop()
  }
  return server
}

interface Started { child: ChildProcess; stdout: Output; stderr: Output }

function spawnIt({ command: [program, ...args] }: ServerCommand, cwd: string, env: Record<string, string>): Started {
  const child = startGroup(program === 'node' ? process.execPath : program!, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, stdout: keepOutput(child.stdout), stderr: keepOutput(child.stderr) }
}

async function isReady({ ready, limit_ms }: ServerCommand, origin: string, stdout: Output, given_up: () => boolean): Promise<boolean> {
  for (const end = Date.now() + limit_ms; Date.now() < end && !given_up(); await sleep(POLL_MS)) {
    const is = 'line' in ready ? stdout.text().split('\n').some((line) => line.includes(ready.line)) : await answers(`${origin}${ready.path}`)
    if (is && !given_up()) return true
  }
  return false
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(ASK_LIMIT_MS), redirect: 'manual' }).then(async (answer) => {
    await answer.body?.cancel()
    return answer.ok
  }, () => false)

/** Ends the server with all that it started. */
async function endIt(child: ChildProcess, ended_by_itself: boolean, grace_ms: number): Promise<NonNullable<OwnServerRecord['ended']>['how'] | null> {
  const group = child.pid
  if (group === undefined) return null
  const was_alive = child.exitCode === null && child.signalCode === null
  signalGroup(group, 'SIGTERM')
  for (const end = Date.now() + grace_ms; Date.now() < end && isAlive(group); await sleep(POLL_MS)) { /* it is given its time */ }
  const polite = !isAlive(group)
  const gone = await endGroup(group, 0)
  if (was_alive && child.exitCode === null && child.signalCode === null) await Promise.race([new Promise((done) => child.once('exit', done)), sleep(GRACE_MS)])
  if (!gone) return 'left'
  return !polite ? 'killed' : ended_by_itself || !was_alive ? 'by_itself' : 'stopped'
}

function signalGroup(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name)
    return true
  } catch {
    return false
  }
}

const isAlive = (group: number): boolean => signalGroup(group, 0) && (process.platform !== 'linux' || groupMembers(group).length > 0)

interface Output { text(): string; record(): OwnServerRecord['stdout'] }

/** Keeps the last bytes of a stream. */
function keepOutput(stream: NodeJS.ReadableStream | null): Output {
  let [bytes, kept] = [0, Buffer.alloc(0)]
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    kept = Buffer.concat([kept, chunk]).subarray(-KEPT_OUTPUT_BYTES)
  })
  // A character that was cut in two is read as U+FFFD, which JSON can hold.
  const text = (): string => kept.toString('utf8')
  return { text, record: () => ({ bytes, kept: text() }) }
}

const lastLine = (text: string): string => {
  const line = text.split('\n').map((one) => one.trim()).filter((one) => one !== '').at(-1)
  return line === undefined ? '' : `; the last line of its standard error: ${line.slice(0, 300)}`
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, HOST, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_LIMIT_MS })
    const end = (found: boolean) => (): void => {
      socket.destroy()
      resolve(found)
    }
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false))
  })
}
