import { describe, expect, it } from 'vitest'
import { OwnDowngradeSchema, claimLines, compareClaim, type OwnClaim, type OwnDowngrade } from '../../../src/contract/own-downgrade.js'

const COMMAND = { kind: 'command', command: ['node', 'server.mjs'], ready: { path: '/health' }, limit_ms: 1_000 } as const
const issueOf = (block: unknown): string => {
  const [issue] = OwnDowngradeSchema.safeParse(block).error?.issues ?? []
  return issue === undefined ? 'valid' : `${issue.path.join('.')}: ${issue.message}`
}

describe('T0 browser_surface: a subject\'s own downgrade', () => {
  it.each<[string, unknown]>([
    ['a detection alone', { classify: 'whereAmI' }],
    ['a server alone', { server: COMMAND }],
    ['a server that prints a line', { server: { ...COMMAND, ready: { line: 'listening' }, port: 8123 } }],
    ['an address on loopback', { server: { kind: 'address', url: 'http://127.0.0.1:8123' } }],
    ['an address on loopback, version 6', { server: { kind: 'address', url: 'http://[::1]:8123/' } }],
    ['words of its own', { classify: 'c', words: { support_class: { here: 'direct' }, reason_code: { fine: 'admitted_direct' } } }],
  ])('may be %s', (_, block) => expect(issueOf(block)).toBe('valid'))

  it.each<[string, unknown, RegExp]>([
    ['nothing', {}, /neither a classify nor a server/],
    ['words of nobody', { server: COMMAND, words: {} }, /^words: /],
    ['a word that means what the contract does not know', { classify: 'c', words: { support_class: { here: 'mostly' } } }, /^words\.support_class\.here: /],
    ['an export that can have no such name', { classify: 'a-b' }, /^classify: the name of an export/],
    ['an address on another machine', { server: { kind: 'address', url: 'http://192.0.2.1:80' } }, /^server\.url: only an address on this machine's loopback/],
    ['a name that may lead elsewhere', { server: { kind: 'address', url: 'http://localhost:80' } }, /^server\.url: only/],
    ['an address that only begins like loopback', { server: { kind: 'address', url: 'http://127.0.0.1:80@evil.example' } }, /^server\.url: only/],
    ['an address without a port', { server: { kind: 'address', url: 'http://127.0.0.1' } }, /^server\.url: only/],
    ['another scheme', { server: { kind: 'address', url: 'https://127.0.0.1:443' } }, /^server\.url: only/],
    ['no command', { server: { ...COMMAND, command: [] } }, /^server\.command: /],
    ['no limit', { server: { ...COMMAND, limit_ms: undefined } }, /^server\.limit_ms: /],
    ['a limit that never ends', { server: { ...COMMAND, limit_ms: 1e9 } }, /^server\.limit_ms: /],
    ['two ways to be ready', { server: { ...COMMAND, ready: { path: '/', line: 'x' } } }, /^server\.ready: /],
    ['an unknown field', { server: { ...COMMAND, shell: true } }, /^server: /],
    ['another kind of server', { server: { kind: 'docker' } }, /^server\.kind: /],
  ])('is refused: %s', (_, block, says) => expect(issueOf(block)).toMatch(says))
})

const DIRECT = { support_class: 'direct', reason_code: 'admitted_direct' } as const
const BRIDGED = { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge' } as const
const UNREACHED = { support_class: 'unsupported', reason_code: 'bridge_unreachable' } as const
const NOWHERE = { support_class: 'unsupported', reason_code: 'realm_unavailable' } as const

describe('T0 browser_surface: a claim against probe and ladder', () => {
  const downgrade: OwnDowngrade = { classify: 'c', words: { support_class: { here: 'direct' }, reason_code: { fine: 'admitted_direct' } } }
  const compared = (claim: OwnClaim | undefined, admission: Parameters<typeof compareClaim>[1]) => compareClaim({ downgrade, claim }, admission)

  it.each<[string, OwnClaim, Parameters<typeof compareClaim>[1], boolean]>([
    ['direct where it is', { ...DIRECT }, DIRECT, true],
    ['in its own words', { support_class: 'here', reason_code: 'fine' }, DIRECT, true],
    ['direct where a capability is missing', { ...DIRECT }, BRIDGED, false],
    ['downgraded where nothing is missing', { ...BRIDGED }, DIRECT, false],
    ['downgraded where it is', { ...BRIDGED }, BRIDGED, true],
    ['downgraded where its bridge could not be reached', { ...BRIDGED }, UNREACHED, true],
    ['direct where it had to be downgraded, and could not', { ...DIRECT }, UNREACHED, false],
    ['the right class for another reason', { ...DIRECT, reason_code: 'downgrade_to_server_bridge' }, DIRECT, false],
    ['a word that nobody knows', { support_class: 'sort of', reason_code: 'fine' }, DIRECT, false],
    ['nothing that counts', { error: 'it threw' }, DIRECT, false],
  ])('%s', (_, claim, admission, agrees) => {
    expect(compared(claim, admission)?.agrees).toBe(agrees)
    expect(claimLines({ downgrade, claim }, admission)).toHaveLength(agrees ? 0 : 1)
  })

  it('is not made where there is no detection, no word of it, or no realm', () => {
    expect(compareClaim({ claim: DIRECT }, DIRECT)).toBeNull()
    expect(compareClaim({ downgrade: { server: { kind: 'address', url: 'http://127.0.0.1:1' } }, claim: DIRECT }, DIRECT)).toBeNull()
    expect(compared(undefined, DIRECT)).toBeNull()
    expect(compared(DIRECT, NOWHERE)).toBeNull()
  })
})
