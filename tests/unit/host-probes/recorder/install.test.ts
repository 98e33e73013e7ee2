import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

describe('T0 browser_surface: installing the page witness', () => {
  const own = { setTimeout, setInterval, clearTimeout, clearInterval, fetch, WebSocket: globalThis.WebSocket, EventSource: (globalThis as Record<string, unknown>).EventSource, MessageChannel, BroadcastChannel }
  beforeEach(() => { vi.resetModules() })
  afterEach(() => { Object.assign(globalThis, own) })

  it('takes the realm\'s own functions first, so that the harness\'s doings are not recorded', async () => {
    const { record, deliverTo, flush } = await import('../../../../host-probes/trace.js')
    await import('../../../../host-probes/recorder/install.js')
    const { alarm } = await import('../../../../host-probes/alarm.js')
    const { native } = await import('../../../../host-probes/natives.js')
    const { watch } = await import('../../../../host-probes/recorder/alive.js')
    expect(watch.installed).toBe(true)
    const kinds: string[] = []
    deliverTo((events) => kinds.push(...events.map(({ kind }) => kind)))
    expect(globalThis.setTimeout).not.toBe(own.setTimeout)
    expect(globalThis.fetch).not.toBe(own.fetch)
    alarm(1_000).cancel()
    native.clearInterval(native.setInterval(() => undefined, 1_000))
    record({ witness: 'subject', kind: 'mark', id: 'harness' })
    flush()
    expect(kinds).toEqual(['mark'])
    globalThis.clearTimeout(globalThis.setTimeout(() => undefined, 1_000))
    flush()
    expect(kinds).toEqual(['mark', 'host.timer.set', 'host.timer.cleared'])
  })
})
