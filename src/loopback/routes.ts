import { ASSET_FOLDER, isAssetName } from '../contract/assets.js'

/** Where a request of the run leads. `path` is what follows the id, as in `/next`, and empty when nothing does. */
export type Route =
  | { kind: 'agent_page' | 'agent_control'; slot: number }
  | { kind: 'agent_script' }
  | { kind: 'frames_page'; slots: number[] }
  | { kind: 'realm_page' | 'realm_script' | 'realm_control' | 'sandbox_page' | 'own_agent_page' | 'own_agent_script' | 'own_agent_control' | 'bridge'; attempt: string }
  | { kind: 'realm_line' | 'bridge_line'; attempt: string; step: LineStep }
  | { kind: 'realm_asset'; attempt: string; name: string }
  | PeerRoute
  | OwnRoute
/** The subject's own server; `target` is what it is asked for, query and all. */
export interface OwnRoute { kind: 'own'; attempt: string; target: string }
/** A step of a line that HTTP carries: `line` is null for the first, which opens it. */
export interface LineStep { line: string | null; what: 'open' | 'up' | 'down' | 'close' }
export interface PeerRoute { kind: 'peer'; attempt: string; peer: string; id: string; path: string }

const SLOT_PAGE = /^(0|[1-9]\d*)\.html$/
/** Slots joined by dashes, as in `1-2-3.html`. */
const FRAMES_PAGE = /^((?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*))*)\.html$/
const SLOT = /^(?:0|[1-9]\d*)$/
/** As `createHttpLines` gives it. */
const LINE = /^[0-9a-f]{1,64}$/
const NAME = /^[a-z][a-z0-9_]*$/
const REALM_FILES = {
  'window.html': 'realm_page', 'realm.js': 'realm_script', control: 'realm_control', 'sandbox.html': 'sandbox_page',
  'agent.html': 'own_agent_page', 'agent.js': 'own_agent_script', 'agent/control': 'own_agent_control',
} as const

/** Reads a request target; null when it does not start with the run's token or names nothing of ours. */
export function parseRoute(token: string, target: string): Route | null {
  const [before, given, area, ...rest] = target.replace(/[?#].*$/s, '').split('/')
  if (before !== '' || given !== token) return null
  switch (area) {
    case 'agent.js': return rest.length === 0 ? { kind: 'agent_script' } : null
    case 'agent': return parseAgent(rest)
    case 'frames': return parseFrames(rest)
    case 'realm': return parseRealm(rest)
    case 'peer': return parsePeer(rest)
    case 'own': return rest[0] ? { kind: 'own', attempt: rest[0], target: target.slice(`/${token}/own/${rest[0]}`.length).replace(/^(?=\?|$)/, '/') } : null
    case 'bridge': return rest.length === 1 && rest[0] ? { kind: 'bridge', attempt: rest[0] } : parseLine('bridge_line', rest)
    default: return null
  }
}

function parseAgent(rest: string[]): Route | null {
  const [first = '', second] = rest
  const page = SLOT_PAGE.exec(first)
  if (rest.length === 1 && page) return { kind: 'agent_page', slot: Number(page[1]) }
  return rest.length === 2 && second === 'control' && SLOT.test(first) ? { kind: 'agent_control', slot: Number(first) } : null
}

function parseFrames(rest: string[]): Route | null {
  const page = FRAMES_PAGE.exec(rest[0] ?? '')
  return rest.length === 1 && page ? { kind: 'frames_page', slots: (page[1] ?? '').split('-').map(Number) } : null
}

function parseRealm(rest: string[]): Route | null {
  const [attempt, ...more] = rest
  if (more[0] === 'control' && more.length > 1) return parseLine('realm_line', [attempt ?? '', ...more.slice(1)])
  const file = more.join('/')
  if (attempt && file.startsWith(ASSET_FOLDER)) return isAssetName(file.slice(ASSET_FOLDER.length)) ? { kind: 'realm_asset', attempt, name: file.slice(ASSET_FOLDER.length) } : null
  if (!attempt || !Object.hasOwn(REALM_FILES, file)) return null
  return { kind: REALM_FILES[file as keyof typeof REALM_FILES], attempt }
}

function parsePeer([attempt, peer = '', id = '', ...more]: string[]): Route | null {
  if (!attempt || !NAME.test(peer) || !NAME.test(id)) return null
  return { kind: 'peer', attempt, peer, id, path: more.map((part) => `/${part}`).join('') }
}

function parseLine(kind: 'realm_line' | 'bridge_line', [attempt, first, second, ...more]: string[]): Route | null {
  if (!attempt || more.length > 0) return null
  if (first === 'open' && second === undefined) return { kind, attempt, step: { line: null, what: 'open' } }
  if (!first || !LINE.test(first) || (second !== 'up' && second !== 'down' && second !== 'close')) return null
  return { kind, attempt, step: { line: first, what: second } }
}
