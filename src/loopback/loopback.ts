import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:net'
import type { Socket } from 'node:net'
import { hashNatively } from '../evidence/digest.js'
import { NO_ASSETS, type Assets } from '../contract/assets.js'
import { LanecheckError } from '../contract/errors.js'
import type { ServerLine } from '../contract/text-line.js'
import { createAgent, type AgentChannel, type AgentDoor } from './agents.js'
import type { LoopbackCertificate } from './certificate.js'
import { createAttempt, type Attempt, type AttemptDoor, type AttemptOptions } from './attempt.js'
import { closeServers, listen, trackConnections } from './listeners.js'
import { holdRefusedOrigins, type RefusedOrigins } from './refused-origins.js'
import { INSECURE_HOST, type PlantedPageFault } from './page-headers.js'
import { startSecureSlot, type Http2Planting } from './secure-slot.js'
import { serve, type Site } from './serve.js'
import { createUpgrade, FRAME_LIMIT } from './upgrade.js'

export type { AgentCommand, AgentMessage } from './agent-protocol.js'
export type { AgentChannel } from './agents.js'
export type { Attempt, AttemptOptions } from './attempt.js'

export interface LoopbackOptions {
  /** How many pages run side by side; each has an origin of its own. */
  slots: number
  /** The classic script that every realm runs. */
  artifact: string
  /** What that script fetches by URL; none when left out. */
  assets?: Assets
  /** The classic script of a slot's page. */
  agent: string
  /** Makes each slot an origin over TLS as well, for the peers that speak h2. */
  certificate?: LoopbackCertificate
  /** Only for tests that plant a fault. */
  planted?: Http2Planting & { page?: PlantedPageFault }
  /** Port of slot 0, the next slots following, then their origins over TLS; free ports when left out. */
  port?: number
  /** Takes a bridge connection of an attempt; without it bridges are not found. */
  onBridge?(attempt: string, line: ServerLine): void
  /** Longest message that a bridge takes, in bytes. */
  bridge_longest?: number
  /** A caller was turned away that belongs to no attempt, or a server reported an error. */
  onStranger?(what: string): void
}

/** The captured loopback: it serves the realms, takes what they say and plays the peers. */
export interface Loopback {
  /** Random, new for each run. */
  readonly token: string
  /** What the engines must accept at the run's origins over TLS; null when there are none. */
  readonly certificate: LoopbackCertificate | null
  origin(slot: number): string
  /** True for the name and port at which an insecure page finds a slot of this run, by way of a proxy. */
  leadsHere(host: string, port: number): boolean
  /** True when the URL is at one of the run's own origins or at a held refused one. */
  allows(url: string): boolean
  agentUrl(slot: number): string
  /** A page with a frame for each of these slots' pages. */
  framesUrl(slots: readonly number[]): string
  agent(slot: number): AgentChannel
  /** Throws `internal` when the id is malformed or taken. */
  attempt(options: AttemptOptions): Attempt
  /** Serves another artifact to the realms that come from here on. */
  serveArtifact(artifact: string, assets: Assets): void
  /** Disposes of all attempts and ends every connection; takes under 2 s. */
  close(): Promise<void>
}

const ATTEMPT_ID = /^[a-z0-9_-][a-z0-9_.-]*$/
/** Idle connections of clients that keep them are theirs to end. */
const KEEP_ALIVE_MS = 600_000

interface Slot { servers: Server[]; origin: string; h2_origin: string | null; refused_origin: string; agent: AgentDoor }

/**
 * Starts the captured loopback on 127.0.0.1, one port a slot.
 * Throws `port_busy` when a port cannot be had.
 */
export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  hashNatively()
  const token = randomBytes(16).toString('hex')
  const sockets = new Set<Socket>()
  const slots: Slot[] = []
  const attempts = new Map<string, AttemptDoor>()
  const upgrade = createUpgrade()
  const bridge_longest = options.bridge_longest ?? FRAME_LIMIT
  const stranger = (what: string): void => options.onStranger?.(what)
  const site: Site = {
    token, upgrade, attempts,
    artifact: Buffer.from(options.artifact),
    assets: options.assets ?? NO_ASSETS,
    agentScript: Buffer.from(options.agent),
    agent: (slot) => slots[slot]?.agent,
    agentUrl: (slot) => agentUrl(slot),
    upgradeBridge: createUpgrade(bridge_longest),
    planted: options.planted?.page ?? null,
    onBridge: options.onBridge,
  }

  const origins = new Set<string>()
  const startSlot = async (index: number, refused_origin: string): Promise<void> => {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS })
    trackConnections(server, sockets)
    const port = await listen(server, options.port === undefined ? null : options.port + index)
    const origin = `http://127.0.0.1:${port}`
    origins.add(origin)
    serve(server, site, { port, origins, stranger })
    const servers: Server[] = [server]
    const h2 = options.certificate === undefined ? null : await startSecureSlot({
      certificate: options.certificate, planted: options.planted, site, origins, stranger,
      port: options.port === undefined ? null : options.port + options.slots + index,
      track: (made) => {
        servers.push(made)
        trackConnections(made, sockets)
      },
      refused: (what) => { for (const door of attempts.values()) if (door.slot === index) door.refused(what) },
    })
    slots.push({ servers, origin, h2_origin: h2, refused_origin, agent: createAgent(index, (what) => stranger(`agent of slot ${index}: ${what}`)) })
  }

  let held: RefusedOrigins | null = null
  const close = async (): Promise<void> => {
    for (const { attempt } of [...attempts.values()]) attempt.dispose()
    for (const { agent } of slots) agent.close()
    held?.release()
    await closeServers(slots.flatMap(({ servers }) => servers), sockets)
  }
  try {
    held = await holdRefusedOrigins(options.slots)
    for (const [index, origin] of held.origins.entries()) await startSlot(index, origin)
  } catch (error) {
    await close()
    throw error
  }

  const slotAt = (slot: number): Slot => {
    const found = slots[slot]
    if (found === undefined) throw new LanecheckError('internal', `the loopback has ${slots.length} slots, none of number ${slot}`)
    return found
  }
  const agentUrl = (slot: number): string => `${slotAt(slot).origin}/${token}/agent/${slot}.html`
  const inside = new Set([...origins, ...held.origins, ...slots.flatMap(({ h2_origin }) => h2_origin ?? [])])
  return {
    token,
    certificate: options.certificate ?? null,
    close,
    origin: (slot) => slotAt(slot).origin,
    leadsHere: (host, port) => host === INSECURE_HOST && origins.has(`http://127.0.0.1:${port}`),
    allows: (url) => URL.canParse(url) && inside.has(new URL(url.replace(/^ws/i, 'http')).origin),
    serveArtifact: (artifact, assets) => {
      site.artifact = Buffer.from(artifact)
      site.assets = assets
    },
    agentUrl,
    framesUrl: (chosen) => `${slotAt(chosen[0] ?? -1).origin}/${token}/frames/${chosen.join('-')}.html`,
    agent: (slot) => slotAt(slot).agent.channel,
    attempt(attemptOptions) {
      const { attempt, slot } = attemptOptions
      if (!ATTEMPT_ID.test(attempt)) throw new LanecheckError('internal', `not an attempt id: ${attempt}`)
      if (attempts.has(attempt)) throw new LanecheckError('internal', `attempt ${attempt} is going on already`)
      const { origin: own, h2_origin, refused_origin } = slotAt(slot)
      const origin = attemptOptions.page === 'insecure' ? own.replace('127.0.0.1', INSECURE_HOST) : own
      const door = createAttempt(attemptOptions, {
        token, origin, h2_origin, refused_origin, upgrade, bridge_longest,
        onBridge: (line) => options.onBridge?.(attempt, line),
        forget: () => attempts.delete(attempt),
      })
      attempts.set(attempt, door)
      return door.attempt
    },
  }
}
