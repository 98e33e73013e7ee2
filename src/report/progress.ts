import { createLogUpdate } from 'log-update'
import type { Engine } from '../contract/vocabulary.js'

/** Shows how far a run is: one line that changes on a terminal, a line now and then elsewhere. */
export interface Progress {
  say(line: string): void
  total(engine: Engine, cells: number): void
  cell(engine: Engine): void
  /** Takes the changing line away. */
  end(): void
}

/** Between two lines where no line can change, in ms. */
const PLAIN_EVERY_MS = 5_000
const LIVE_EVERY_MS = 100

export const silentProgress: Progress = { say: () => undefined, total: () => undefined, cell: () => undefined, end: () => undefined }

export function showProgress(stream: NodeJS.WriteStream): Progress {
  const counts = new Map<Engine, { done: number; of: number }>()
  const live = stream.isTTY ? createLogUpdate(stream) : null
  let shown = performance.now()
  const line = (): string => [...counts].map(([engine, { done, of }]) => `${engine} ${done}/${of}`).join('  ')
  const show = (): void => {
    const now = performance.now()
    if (now - shown < (live === null ? PLAIN_EVERY_MS : LIVE_EVERY_MS)) return
    shown = now
    if (live === null) stream.write(`${line()}\n`)
    else live(line())
  }
  return {
    say: (text) => {
      live?.clear()
      stream.write(`${text}\n`)
    },
    total: (engine, of) => void counts.set(engine, { done: 0, of }),
    cell: (engine) => {
      const count = counts.get(engine)
      if (count !== undefined) count.done += 1
      show()
    },
    end: () => {
      live?.clear()
      live?.done()
    },
  }
}
