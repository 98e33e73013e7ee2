import { describe, expect, it } from 'vitest'
import { withRejections } from '../../../src/lab/rejections.js'
import { logged } from './scripts.js'

const nodeTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

describe('T0 timer_surface: rejections of the lab', () => {
  it('reach the sink and not the process, one listened to in time does not', async () => {
    const told: unknown[] = []
    let rejections = 0
    let toProcess = 0
    const count = (): void => { toProcess++ }
    process.on('unhandledRejection', count)
    withRejections({ rejected: () => { rejections++ }, unhandled: (reason) => told.push(reason) }, () => {
      void Promise.reject('alone')
      Promise.reject('heard').catch(() => undefined)
    })
    expect(told).toEqual([])
    await nodeTurn()
    process.off('unhandledRejection', count)
    expect([rejections, told, toProcess]).toEqual([2, ['alone'], 0])
  })

  it('puts back what it found, also when the work throws', () => {
    const before = Object.getOwnPropertyDescriptor(process, 'domain')
    expect(() => withRejections({ rejected: () => undefined, unhandled: () => undefined }, () => { throw new Error('x') })).toThrow('x')
    expect(Object.getOwnPropertyDescriptor(process, 'domain')).toEqual(before)
  })

  it('come in the order of rejecting, each in a task of its own', async () => {
    expect(await logged(`
      addEventListener('unhandledrejection', (event) => { event.preventDefault(); log('caught ' + event.reason); queueMicrotask(() => log('after ' + event.reason)) })
      Promise.reject(1); Promise.reject(2); (async () => { throw 3 })()
      await sleep(1)`)).toEqual(['caught 1', 'after 1', 'caught 2', 'after 2', 'caught 3', 'after 3'])
  })
})
