import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { withoutGlobals } from '../../../src/loopback/take-away.js'

const ARTIFACT = Buffer.from('globalThis.seen = [typeof WebSocket, typeof crypto, typeof globalThis.crypto?.subtle, typeof Worker, typeof fetch, typeof Response.prototype.body]')
const evaluated = (paths: readonly string[]): unknown[] => {
  const context = createContext({})
  runInContext(`
    class Scope { get crypto() { return Object.create({ get subtle() { return {} } }) } }
    Object.setPrototypeOf(globalThis, Scope.prototype)
    Object.assign(globalThis, { WebSocket: class {}, Worker: class {}, fetch() {}, Response: class { } })
    Object.defineProperty(Response.prototype, 'body', { configurable: true, value: {} })
    Object.defineProperty(globalThis, 'Worker', { configurable: false, writable: true, value: class {} })
  `, context)
  runInContext(withoutGlobals(paths, ARTIFACT).toString(), context)
  return runInContext('seen', context) as unknown[]
}

describe('T0 browser_surface: a realm that is to be without something', () => {
  it('nothing taken away is the artifact, byte for byte', () => expect(withoutGlobals([], ARTIFACT)).toBe(ARTIFACT))
  it.each<[string[], unknown[]]>([
    [['WebSocket'], ['undefined', 'object', 'object', 'function', 'function', 'object']],
    [['WebSocket', 'fetch'], ['undefined', 'object', 'object', 'function', 'undefined', 'object']],
    // An accessor of the prototype, as a browser's are.
    [['crypto'], ['function', 'undefined', 'undefined', 'function', 'function', 'object']],
    [['Response.prototype.body'], ['function', 'object', 'object', 'function', 'function', 'undefined']],
    [['no.such.thing'], ['function', 'object', 'object', 'function', 'function', 'object']],
  ])('%j', (paths, seen) => expect([...evaluated(paths)]).toEqual(seen))
})
