import type { Packed } from './packed.js'

export interface Budget { tarball: number; unpacked: number; files: number; by_part: Record<string, number> }

/** A part of the package, by the path of a file. */
function partOf(path: string): string {
  if (path.endsWith('.map')) return 'maps'
  const [first = '', second = ''] = path.split('/')
  if (first === 'dist') return ['src', 'artifacts'].includes(second) ? `dist/${second}` : 'other'
  return ['schemas', 'examples', 'subjects', 'docs'].includes(first) ? first : 'other'
}

/** What weighs more than it may, a line each; a part without a budget of its own may weigh nothing. */
export function beyondBudget({ size, unpackedSize, files }: Pick<Packed, 'size' | 'unpackedSize' | 'files'>, budget: Budget): string[] {
  const parts = new Map<string, number>()
  for (const { path, size: bytes } of files) parts.set(partOf(path), (parts.get(partOf(path)) ?? 0) + bytes)
  const all: Array<[string, number, number]> = [
    ['tarball', size, budget.tarball], ['unpacked', unpackedSize, budget.unpacked], ['files', files.length, budget.files],
    ...[...parts].map(([part, bytes]): [string, number, number] => [part, bytes, budget.by_part[part] ?? 0]),
  ]
  return all.filter(([, is, may]) => is > may).map(([what, is, may]) => `${what}: ${is}, and the budget is ${may} (tests/package/budget.json)`)
}
