import type { HttpExchangeScript } from '../contract/scenario.js'
import { startHttpPeer, stepHttpPeer } from '../peers/machine.js'
import type { HttpInput, HttpOutput } from '../peers/machine-types.js'
import { errorText, type Player, type PlayerContext } from './player.js'

/** The peer's end of one exchange, in whichever version of HTTP it came. */
export interface ExchangeWire {
  head(status: number, headers: Record<string, string>): void
  body(data: Uint8Array): void
  /** Throws where the version has no raw text. */
  raw(text: string): void
  end(): void
  /** Breaks the exchange off once all that was written has gone out. */
  destroy(): void
  /** Ends it at once. */
  kill(): void
}

export interface ExchangePlayer extends Player {
  feed(input: HttpInput): void
  /** The wire is closed: the client left, unless the peer had ended. */
  closed(): void
}

/** Plays one exchange of a peer model over a wire; whoever owns the wire feeds in what comes over it. */
export function playExchange(script: HttpExchangeScript, wire: ExchangeWire, context: PlayerContext): ExchangePlayer {
  let state = startHttpPeer(script)
  let timer: NodeJS.Timeout | undefined
  let ended = false

  const finish = (): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    context.over()
  }
  const feed = (input: HttpInput): void => {
    if (ended) return
    const next = stepHttpPeer(state, input)
    state = next.state
    for (const output of next.outputs) {
      if (ended) return
      try {
        act(output)
      } catch (error) {
        context.refused(`peer ${output.type}: ${errorText(error)}`)
        wire.kill()
      }
    }
  }
  const act = (output: HttpOutput): void => {
    switch (output.type) {
      case 'record': return context.record(output.event)
      case 'head': return wire.head(output.status, output.headers)
      case 'body': return wire.body(output.data)
      case 'raw': return wire.raw(output.text)
      case 'end': return wire.end()
      case 'destroy': return wire.destroy()
      case 'wait':
        timer = setTimeout(feed, output.ticks * context.tick_ms, { type: 'elapsed' })
    }
  }

  return {
    feed,
    closed() {
      feed({ type: 'client_gone' })
      finish()
    },
    end() {
      finish()
      wire.kill()
    },
  }
}

/** Answers are not cached unless their script says something of it. */
export function uncached(headers: Record<string, string>): Record<string, string> {
  const saysCaching = Object.keys(headers).some((name) => name.toLowerCase() === 'cache-control')
  return saysCaching ? headers : { ...headers, 'cache-control': 'no-store' }
}
