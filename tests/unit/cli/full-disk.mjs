// Loaded before the command line: from the write on that `FULL_AFTER` counts, the disk is full.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'

let left = Number(process.env.FULL_AFTER)
const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

/** Does a write, or a part of it. */
async function write(whole, part) {
  if (left-- > 0) return whole()
  await part()
  throw full()
}

if (isMainThread && process.env.FULL_AFTER !== undefined) {
  const { open, writeFile } = fs.promises
  fs.promises.writeFile = (path, data, options) => write(() => writeFile(path, data, options), () => writeFile(path, data.slice(0, 10), options))
  fs.promises.open = async (...args) => {
    const file = await open(...args)
    const own = file.writeFile.bind(file)
    file.writeFile = (data) => write(() => own(data), () => own(data.slice(0, 10)))
    return file
  }
  syncBuiltinESMExports()
}
