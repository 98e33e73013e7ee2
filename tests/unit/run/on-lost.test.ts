import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { onLost } from '../../../src/run/on-lost.js'

const collect = ((): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
})()

describe('T0 browser_surface: the loss of what an attempt runs in', () => {
  it('is heard by all who listen, also by those who come after; not by those who ended it', async () => {
    let lose = (_why: string): void => undefined
    const lost = new Promise<string>((resolve) => { lose = resolve })
    const heard: string[] = []
    onLost(lost, (why) => heard.push(`one ${why}`))
    onLost(lost, (why) => heard.push(`two ${why}`))()
    lose('crashed')
    await lost
    onLost(lost, (why) => heard.push(`three ${why}`))
    onLost(lost, (why) => heard.push(`four ${why}`))()
    await Promise.resolve()
    expect(heard).toEqual(['one crashed', 'three crashed'])
  })

  it('keeps nobody in memory who does not listen any more', async () => {
    const lost = new Promise<string>(() => undefined)
    const listen = (): WeakRef<object> => {
      const events: unknown[] = [{}]
      onLost(lost, () => events.push(1))()
      return new WeakRef(events)
    }
    const seen = listen()
    await new Promise(setImmediate)
    collect()
    expect(seen.deref()).toBeUndefined()
    onLost(lost, () => undefined)()
  })
})
