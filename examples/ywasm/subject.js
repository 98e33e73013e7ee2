import { defineSubject } from 'lanecheck'
import { applyUpdate, encodeStateAsUpdate, YDoc } from 'ywasm'

/** Documents of a call, gone with it; one that a trap has left locked cannot be freed. */
async function withDocs(ids, use) {
  const docs = ids.map((clientID) => new YDoc({ clientID }))
  const result = await use(...docs)
  for (const doc of docs) doc.free()
  return result
}

/** What the package computes, told to lanecheck as tasks: it has neither timers nor network, so no other family. */
export default defineSubject({
  name: 'ywasm',
  version: '0.18.3',
  requires: ['webassembly', 'text_codec'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: true,
  start: async () => ({
    tasks: {
      /** Each text is written in a document of its own; all documents get all updates. */
      merge: (texts) => withDocs(texts.map((_, at) => at + 1), (...docs) => {
        docs.forEach((doc, at) => doc.getText('t').insert(0, texts[at], undefined, undefined))
        const updates = docs.map((doc) => encodeStateAsUpdate(doc, undefined))
        for (const doc of docs) for (const update of updates) applyUpdate(doc, update, undefined)
        return docs.map((doc) => doc.getText('t').toString(undefined))
      }),
      take: (bytes) => withDocs([1], (doc) => applyUpdate(doc, Uint8Array.from(bytes), undefined)),
      insert: ({ text, at, more }) => withDocs([1], (doc) => {
        const shared = doc.getText('t')
        shared.insert(0, text, undefined, undefined)
        shared.insert(at, more, undefined, undefined)
        return shared.toString(undefined)
      }),
      remove: ({ text, at, count }) => withDocs([1], (doc) => {
        const shared = doc.getText('t')
        shared.insert(0, text, undefined, undefined)
        shared.delete(at, count, undefined)
        return shared.toString(undefined)
      }),
      lot: async () => {
        const doc = new YDoc({})
        const id = doc.id
        doc.free()
        return id
      },
    },
    shutdown: async () => {},
  }),
})
