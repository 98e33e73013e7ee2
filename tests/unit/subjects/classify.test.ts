import { afterEach, describe, expect, it } from 'vitest'
import { classifyHost } from '../../../subjects/classify.js'
import native from '../../../subjects/native/subject.js'

const inside = (brand: string): void => { Object.defineProperty(globalThis, Symbol.toStringTag, { value: brand, configurable: true }) }

describe('T0 browser_surface: a subject’s opinion of its host', () => {
  const original = Object.getOwnPropertyDescriptor(globalThis, Symbol.toStringTag)
  afterEach(() => { Object.defineProperty(globalThis, Symbol.toStringTag, original!) })

  it.each([
    ['Window', 'window', true],
    ['DedicatedWorkerGlobalScope', 'dedicated_worker', true],
    ['SharedWorkerGlobalScope', 'shared_worker', false],
    ['ServiceWorkerGlobalScope', 'service_worker', false],
    ['global', 'server', true],
  ] as const)('in a %s', (brand, host_role, supported) => {
    inside(brand)
    expect(classifyHost({ host_roles: ['window', 'dedicated_worker'], bridge: true })).toEqual({ host_role, supported })
    expect(native.classify!()).toEqual({ host_role, supported: true })
  })

  it('does not support a server without a bridge', () => {
    expect(classifyHost({ host_roles: [], bridge: false })).toEqual({ host_role: 'server', supported: false })
  })
})
