import { Attachment, DeviceId, initAsync, OlmMachine, RequestType, UserId } from '@matrix-org/matrix-sdk-crypto-wasm'
import { defineSubject } from 'lanecheck'

/** What the users of the package await, told to lanecheck as tasks. It sets a timer by itself and offers none. */
export default defineSubject({
  name: '@matrix-org/matrix-sdk-crypto-wasm',
  version: '18.9.0',
  requires: ['webassembly', 'timers', 'crypto_random', 'text_codec'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: true,
  start: async () => {
    await initAsync()
    const machine = await OlmMachine.initialize(new UserId('@alice:example.org'), new DeviceId('PHONE'))
    return {
      tasks: {
        identity: async () => machine.identityKeys.ed25519.toBase64(),
        outgoing: async () => (await machine.outgoingRequests()).map(({ type }) => RequestType[type]),
        attachment: async (text) => new TextDecoder().decode(Attachment.decrypt(Attachment.encrypt(new TextEncoder().encode(text)))),
        track: async (user) => { await machine.updateTrackedUsers([new UserId(user)]) },
        /** Waits for an answer to a key query, which nobody gives here, until the package's own timer ends it. It takes no `AbortSignal`. */
        devices: async ({ user, patience_s }) => (await machine.getUserDevices(new UserId(user), patience_s)).devices().length,
      },
      shutdown: async () => machine.close(),
    }
  },
})
