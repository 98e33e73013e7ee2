import type { EngineIdentity } from '../../src/contract/host.js'
import type { Engine } from '../../src/contract/vocabulary.js'

export type EngineProduct = EngineIdentity['engine_product']
/** The protocol by which Playwright drives an engine. */
export type DriverKind = 'cdp' | 'bidi' | 'juggler' | 'webkit-inspector' | 'playwright-webkit'

export interface EngineFound {
  found: true
  engine: Engine
  engine_product: EngineProduct
  executable_path: string
  driver_kind: DriverKind
}

export interface EngineMissing {
  found: false
  engine: Engine
  /** Exactly what to type to have it. */
  install: string
  reason: string
}

export interface LaunchOptions {
  /** The refusing proxy: everything but 127.0.0.1 is sent there. */
  proxy_url: string
  limit_ms: number
  /** SHA-256 of the public key that is accepted at 127.0.0.1 over TLS, in base64; none when nothing there speaks TLS. */
  spki_sha256?: string | null | undefined
  signal?: AbortSignal | undefined
}

/** An engine that runs, and the pages it can open. */
export interface RunningEngine {
  readonly identity: EngineIdentity
  /** A page with storage of its own. Within `limit_ms`; throws `engine_launch_failed`. */
  openPage(limit_ms: number): Promise<EnginePage>
  /** Resolves once, with the reason, when the engine is gone. */
  readonly gone: Promise<string>
  /** Ends it and all it started, by force in the end; takes a bounded time and never throws. */
  close(): Promise<void>
  /** The live processes of this engine. */
  pids(): number[]
}

/** Stops service workers as the engine itself does with idle ones. */
export interface ServiceWorkerStopper {
  /** Begins to listen for workers, so that a stop is quick; never throws. */
  ready(): Promise<void>
  /** Stops the running worker of a scope. Throws `deadline_exceeded_in_node`, `realm_lost`. */
  stop(scope: string): Promise<void>
}

/** A page in an engine; realms are made from inside it. */
export interface EnginePage {
  /** Resolves when the navigation is committed. Throws `deadline_exceeded_in_node` or `realm_lost`. */
  goto(url: string, limit_ms: number): Promise<void>
  /** Resolves, with the reason, when the page is lost other than by `close`. */
  readonly crashed: Promise<string>
  /** What the page and its workers print, and what they throw and nobody catches. */
  onConsole(listen: (line: string) => void): void
  /** Left out where no engine of this kind can be told to. */
  readonly service_workers?: ServiceWorkerStopper
  /** Writes a PNG. */
  screenshot(path: string): Promise<void>
  /** Takes a bounded time and never throws. */
  close(): Promise<void>
}
