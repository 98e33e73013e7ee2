import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'

const BLOCK = 512
const NAME_LIMIT = 100

/** A folder's files as a gzipped tar (POSIX ustar), in order of name, without times: the same files are the same bytes. */
export function tarGz(folder: string, root: string): Buffer {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
  const parts = paths.flatMap((path) => {
    const data = readFileSync(path)
    return [header(`${root}/${relative(folder, path).split(sep).join('/')}`, data.length), data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]
  })
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]))
}

function header(path: string, size: number): Buffer {
  const { prefix, name } = split(path)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`
  block.write(name, 0)
  block.write(octal(0o644, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write('        ', 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  block.write(prefix, 345)
  block.write(`${octal(block.reduce((sum, byte) => sum + byte, 0), 7)} `, 148)
  return block
}

/** A long path is kept in two fields, parted at a slash. */
function split(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= NAME_LIMIT) return { prefix: '', name: path }
  const at = path.indexOf('/', path.length - NAME_LIMIT - 1)
  return { prefix: path.slice(0, at), name: path.slice(at + 1) }
}
