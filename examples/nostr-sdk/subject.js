import { Client, ClientMessage, Duration, EventBuilder, Keys, Kind, loadWasmAsync, RelayOptions, Timestamp } from '@rust-nostr/nostr-sdk'
import { defineSubject } from 'lanecheck'

/** Longest that a connection may take to open, in seconds. */
const PATIENCE_S = 2
/** What a WebSocket reports of a `close()` without a code, as the package calls it. */
const NO_CODE = 1005
/** … and of one that ends without a closing handshake. */
const NO_HANDSHAKE = 1006

/** A relay as the package's users have it: messages go out and come in through WASM, which owns the WebSocket. */
function connect(url, events) {
  const client = new Client()
  let relay = null
  let closed = false
  const ended = (code, clean) => {
    closed = true
    events.close(code, '', clean)
  }
  const begin = async () => {
    await client.addRelayWithOpts(url, new RelayOptions().ping(false).reconnect(false))
    relay = await client.relay(url)
    client.handleNotifications({
      handleMsg: async (_, message) => { if (!closed) events.message(message.asJson()); return false },
      handleEvent: async () => false,
    })
    await relay.tryConnect(Duration.fromSecs(PATIENCE_S))
    events.open('')
  }
  begin().catch(() => {
    events.error()
    ended(NO_HANDSHAKE, false)
  })
  // Of the close itself the package tells nobody: the page witness holds this to what the engine saw.
  const close = () => {
    if (closed || relay?.isConnected() !== true) return
    relay.disconnect()
    ended(NO_CODE, true)
  }
  return {
    send: (text) => relay.sendMsg(ClientMessage.fromJson(text)),
    close,
    end: async () => {
      close()
      await client.shutdown()
    },
  }
}

/** What the package does with WebSockets, told to lanecheck. */
export default defineSubject({
  name: '@rust-nostr/nostr-sdk',
  version: '0.43.0',
  requires: ['webassembly', 'websocket', 'timers', 'crypto_random', 'text_codec'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: true,
  start: async () => {
    await loadWasmAsync()
    const open = new Set()
    return {
      sockets: {
        open: (url, _protocols, events) => {
          const connection = connect(url, events)
          open.add(connection)
          return connection
        },
      },
      tasks: {
        /** Its id is a digest of what it says; its signature draws by lot. */
        note: async ({ secret, text, at_s }) => {
          const note = new EventBuilder(new Kind(1), text).customCreatedAt(Timestamp.fromSecs(at_s)).signWithKeys(Keys.parse(secret))
          return { id: note.id.toHex(), verified: note.verify() }
        },
      },
      shutdown: async () => { for (const connection of open) await connection.end() },
    }
  },
})
