import { invalidState } from './errors.js'
import { packed, unpacked } from './words.js'

/** The package where it is not at home: the same timers and sockets, on its server. Resolves once the server has answered. */
export async function runOnServer(address) {
  const line = new WebSocket(`${address.replace(/^http/, 'ws')}/work`)
  const heard = new Map()
  const words = []
  // What is said in one turn arrives in one turn, or timers set together would fall due apart.
  const say = (word) => {
    if (words.push(word) === 1) queueMicrotask(() => line.send(JSON.stringify(words.splice(0))))
  }
  let last = 0
  await new Promise((ready, refuse) => {
    line.onmessage = ({ data }) => {
      const { id, what, ...rest } = JSON.parse(data)
      if (what === 'ready') ready()
      else heard.get(id)?.[what]?.(rest)
    }
    line.onclose = () => refuse(new Error('the server is not there'))
  })
  // What was cleared is no longer listened to, so that a firing that is already on its way comes too late.
  const timer = (ms, every, fire) => {
    const id = ++last
    heard.set(id, { fired: () => {
      if (!every) heard.delete(id)
      fire()
    } })
    say({ id, do: 'set', ms, every })
    return id
  }
  return {
    timers: {
      set: (ms, fire) => timer(ms, false, fire),
      interval: (ms, fire) => timer(ms, true, fire),
      clear(id) {
        if (heard.delete(id)) say({ id, do: 'clear' })
      },
    },
    sockets: { open: (url, protocols, events) => openThere({ id: ++last, heard, say }, url, protocols, events) },
    async shutdown() {
      const gone = new Promise((done) => heard.set(0, { gone: done }))
      say({ id: 0, do: 'shutdown' })
      await gone
      await new Promise((closed) => {
        line.onclose = closed
        line.close(1000)
      })
    },
  }
}

function openThere({ id, heard, say }, url, protocols, events) {
  let state = 'connecting'
  heard.set(id, {
    open({ protocol }) {
      if (state === 'connecting') state = 'open'
      events.open(protocol)
    },
    message({ data }) {
      if (state === 'open') events.message(unpacked(data))
    },
    error: () => events.error(),
    close({ code, reason, clean }) {
      state = 'closed'
      heard.delete(id)
      events.close(code, reason, clean)
    },
  })
  say({ id, do: 'open', url, protocols })
  return {
    send(data) {
      if (state !== 'open') throw invalidState('the channel is not open')
      say({ id, do: 'send', data: packed(data) })
    },
    close(code, reason) {
      if (state === 'closed') return
      state = 'closing'
      say({ id, do: 'close', code, reason })
    },
  }
}
