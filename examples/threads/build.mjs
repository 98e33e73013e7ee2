// Assembles alarm.wat into alarm.wasm: node build.mjs
import { readFile, writeFile } from 'node:fs/promises'
import wabt from 'wabt'

const at = (name) => new URL(name, import.meta.url)
const module = (await wabt()).parseWat('alarm.wat', await readFile(at('alarm.wat'), 'utf8'), { threads: true })
await writeFile(at('alarm.wasm'), module.toBinary({}).buffer)
