import { INJECTED_HOST, type InjectedHost, type RealmControl } from '../src/contract/injected-host.js'
import type { FromRealm, ToRealm } from '../src/contract/realm-protocol.js'
import { native } from './natives.js'

/** The host that evaluated this artifact, when it is not a browser. */
export const injectedHost = (): InjectedHost | undefined => (globalThis as unknown as Record<string, InjectedHost | undefined>)[INJECTED_HOST]

/** Opens the realm's line to Node: the injected one, else a WebSocket beside the realm's own address. */
export function openControl(): RealmControl {
  return injectedHost()?.control ?? browserControl()
}

function browserControl(): RealmControl {
  const url = new URL('control', location.href)
  url.protocol = 'ws:'
  url.search = ''
  const socket = new native.WebSocket!(url)
  const waiting: string[] = []
  const control: RealmControl = {
    onmessage: null,
    send: (message: FromRealm) => {
      const text = JSON.stringify(message)
      if (socket.readyState === 1) socket.send(text)
      else waiting.push(text)
    },
  }
  socket.onopen = () => { for (const text of waiting.splice(0)) socket.send(text) }
  socket.onmessage = (event: MessageEvent<string>) => control.onmessage?.(JSON.parse(event.data) as ToRealm)
  return control
}
