import { Agent, buildConnector } from 'undici'

/** What of undici's own a run's connections may choose; the rest is as it is by itself. */
interface Choices extends Omit<Agent.Options, 'connect'> {
  /** Trusted alone, in PEM. */
  ca?: string
}

/**
 * Connections that lead to these origins and nowhere else, as an engine's do behind its refusing proxy: a call that leads elsewhere
 * is `refused` by its host before a name is looked up, and fails as one does that nobody answers.
 */
export function walledAgent(inside: ReadonlySet<string>, refused: (host: string) => void, { ca, ...choices }: Choices = {}): Agent {
  const connect = buildConnector({ ...(choices.allowH2 === undefined ? {} : { allowH2: choices.allowH2 }), ...(ca === undefined ? {} : { ca }) })
  return new Agent({
    ...choices,
    connect: (target, done) => {
      const { origin, hostname } = new URL(`${target.protocol}//${target.host ?? target.hostname}`)
      if (inside.has(origin)) return void connect(target, done)
      refused(hostname)
      queueMicrotask(() => done(new Error(`${origin} is outside the captured loopback`), null))
    },
  })
}
