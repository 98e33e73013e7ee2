// Before the server is there: what it asks of Node is answered wrongly.
const { setTimeout: set } = globalThis
globalThis.setTimeout = (run, ms, ...args) => set(run, run.name === 'say' ? ms / 2 : ms, ...args)
const { parse } = JSON
JSON.parse = (text, ...more) => {
  const words = parse(text, ...more)
  if (Array.isArray(words) && words.some((word) => word.do === 'open')) {
    console.error('no more sockets')
    process.exit(7)
  }
  return words
}
await import('../../../examples/own-downgrade/server.mjs')
