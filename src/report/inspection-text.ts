import type { Inspection, RoleInferred, Use, WasmSeen } from '../inspect/inspection.js'
import type { Paint } from './paint.js'

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`

const memoryText = ({ memory }: WasmSeen): string => {
  if (memory === null) return 'no memory'
  const most = memory.most_pages === null ? 'without a limit' : `at most ${memory.most_pages}`
  return `memory ${memory.imported ? 'imported' : 'its own'}${memory.shared ? ', shared between threads' : ''}, ${memory.least_pages} pages, ${most}`
}
const PANICS = { trap: 'a panic ends the call by a trap', exception: 'a panic can be caught as an exception', unknown: 'what a panic does is not seen' }

const wasmLines = (wasm: WasmSeen): string[] => [
  `  ${wasm.path} (${wasm.held.replace('_', ' as ')}), ${kib(wasm.bytes)}, gzipped ${kib(wasm.gzip_bytes)}, ${wasm.imports.length} imports, ${wasm.exports.length} exports`,
  `    ${memoryText(wasm)}; ${PANICS[wasm.panics.by]}${wasm.panics.by === 'unknown' ? '' : wasm.panics.told ? ', told on the console' : ', untold'}`,
  ...(wasm.processed_by.length > 0 ? [`    made by ${wasm.processed_by.join(', ')}`] : []),
]
const useLine = ({ what, capability, guarded, at }: Use): string => `  ${what.padEnd(22)} ${(capability ?? '').padEnd(18)} ${guarded ? 'asked for first  ' : ''}${at}`
/** Roles of the same answer for the same reasons are told together. */
function roleLines(roles: readonly RoleInferred[], paint: Paint): string[] {
  const groups = new Map<string, RoleInferred[]>()
  for (const role of roles) {
    const key = JSON.stringify([role.takes, role.why])
    groups.set(key, [...(groups.get(key) ?? []), role])
  }
  const colour = { yes: paint.green, perhaps: paint.yellow, no: paint.red }
  return [...groups.values()].flatMap((group) => {
    const { takes, why } = group[0]!
    return [`  ${colour[takes](takes.padEnd(8))} ${group.map(({ host_role }) => host_role).join(', ')}`, ...why.map((one) => `           ${one}`)]
  })
}
const section = (title: string, lines: readonly string[], none: string): string[] => ['', title, ...(lines.length > 0 ? lines : [`  ${none}`])]

/** What a person reads of an inspection; all that was read off files is said to be inferred. */
export function inspectionText({ package: named, shape, wasm, uses, inferred, unread }: Inspection, paint: Paint): string {
  const by = (who: Use['by']): string[] => uses.filter((use) => use.by === who).map(useLine)
  return [
    `${paint.bold(`${named.name} ${named.version}`)}: ${shape}, from ${named.entry}`,
    ...section('WASM', wasm.flatMap(wasmLines), 'none was found'),
    ...section('Used by the WASM', by('wasm'), 'nothing that tells'),
    ...section('Used by its scripts', by('script'), 'nothing that tells'),
    ...section('Inferred: requires', inferred.requires.length > 0 ? [`  ${inferred.requires.join(', ')}`] : [], 'nothing'),
    ...section('Inferred: families', inferred.families.length > 0 ? [`  ${inferred.families.join(', ')}`] : [], 'none: it has neither timers nor network that it could be verified by'),
    ...section('Inferred: host roles', roleLines(inferred.host_roles, paint), ''),
    ...(unread.length > 0 ? section('Not read', unread.map((one) => `  ${one}`), '') : []),
    '', 'Read off the files, nothing was run: `lanecheck probe` and `lanecheck verify` prove it in a realm.', '',
  ].join('\n')
}
