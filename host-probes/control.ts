import { INJECTED_HOST, type InjectedHost, type RealmControl } from '../src/contract/injected-host.js'
import type { FromRealm, ToRealm } from '../src/contract/realm-protocol.js'
import { carriersHere, openLine } from '../bridge/carriers.js'
import { native } from './natives.js'

/** The host that evaluated this artifact, when it is not a browser. */
export const injectedHost = (): InjectedHost | undefined => (globalThis as unknown as Record<string, InjectedHost | undefined>)[INJECTED_HOST]

/** Opens the realm's line to Node: the injected one, else one beside the realm's own address, a WebSocket where there is any. */
export function openControl(): RealmControl {
  return injectedHost()?.control ?? (native.WebSocket === undefined ? httpControl() : browserControl())
}

/** Where a realm has no WebSocket. What is said before the line is open waits for it. */
function httpControl(): RealmControl {
  const [carrier] = carriersHere()
  const control: RealmControl = { onmessage: null, send: (message) => waiting.push(JSON.stringify(message)) }
  let waiting: string[] = []
  // Without any carrier nobody hears of this realm: Node gives it up in its own time.
  if (carrier === undefined) return control
  void openLine(carrier, new URL('control', location.href).href.replace(/[?#].*$/, '')).then((line) => {
    line.onmessage = (text) => control.onmessage?.(JSON.parse(text) as ToRealm)
    control.send = (message) => line.send(JSON.stringify(message))
    for (const text of waiting) line.send(text)
    waiting = []
  })
  return control
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
