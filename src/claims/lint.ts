import type { ClaimCode, ClaimsConfig, Place } from './claim.js'
import type { Prose } from './documents.js'

/** A phrase that no lane-scoped evidence can hold, or that names what did not run. */
interface Rule { code: Extract<ClaimCode, 'promises_too_much' | 'names_other_product'>; pattern: RegExp; says: string; instead: string }

const PER_LANE = 'name the lanes, as in "directly in Firefox\'s window and dedicated worker", or put the claim into a lane-claims block'

const RULES: readonly Rule[] = [
  { code: 'promises_too_much', pattern: /\b(?:all|every|any|each|major|modern|popular|evergreen)\s+(?:(?:of\s+the|the|major|modern|popular|evergreen|current)\s+)*(?:web\s+)?browsers?\b/gi, says: 'a host-global claim: support holds lane by lane', instead: PER_LANE },
  { code: 'promises_too_much', pattern: /\bcross[- ]browser\b|\bbrowser[- ]agnostic\b/gi, says: 'a host-global claim: support holds lane by lane', instead: PER_LANE },
  { code: 'promises_too_much', pattern: /\bworks?\s+everywhere\b|\bruns?\s+everywhere\b|\bruns?\s+anywhere\b/gi, says: 'a host-global claim: support holds lane by lane', instead: PER_LANE },
  { code: 'promises_too_much', pattern: /\b(?:full|complete|total|100\s*%)\s+(?:browser\s+|host\s+|feature\s+)?(?:parity|compatib(?:le|ility)|support)\b|\bfully\s+(?:browser[- ])?(?:compatible|supported)\b/gi, says: 'parity is of one scenario in one lane; a bridge is never parity', instead: PER_LANE },
  { code: 'promises_too_much', pattern: /\bservice\s+workers?\s+(?:stays?|keeps?|remains?|lives?)\s+(?:alive|running|active|on|forever)\b|\bkeeps?\s+the\s+service\s+worker\s+(?:alive|running)\b/gi, says: 'no claim about a service worker\'s lifetime can be shown', instead: 'say what happens when the worker is ended' },
  { code: 'promises_too_much', pattern: /\b(?:exact|precise|guaranteed)\s+(?:browser\s+)?(?:timer|scheduling|scheduler)\b/gi, says: 'a browser\'s scheduler is opaque; timers are compared through a window', instead: 'say within how many ticks, on which lanes' },
  { code: 'promises_too_much', pattern: /\bSafari\b/g, says: 'Safari did not run; a WebKit that is not Safari says nothing of it', instead: 'name the product that ran, as in WebKitGTK 2.50' },
  { code: 'names_other_product', pattern: /\b(?:Google\s+Chrome|Chrome|Microsoft\s+Edge|Opera|Brave|Samsung\s+Internet|iOS)\b/g, says: 'the product did not run', instead: 'name the product that ran, as in Debian\'s Chromium 156' },
]

export interface LintFault { code: Rule['code']; place: Place; says: string; instead: string }

/** Points at prose that promises more than lane-scoped evidence can hold; phrases of the allow-list are let stand. */
export function lintProse(prose: readonly Prose[], { allow = [] }: ClaimsConfig): LintFault[] {
  const allowed = new Set(allow.map(({ phrase }) => plain(phrase)))
  return prose.flatMap((block) => RULES.flatMap(({ code, pattern, says, instead }) => [...block.text.matchAll(pattern)]
    .filter(([phrase]) => !allowed.has(plain(phrase)))
    .map((match) => ({ code, place: block.placeOf(match.index), says: `"${match[0].replace(/\s+/g, ' ')}": ${says}`, instead }))))
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
}

const plain = (phrase: string): string => phrase.toLowerCase().replace(/\s+/g, ' ').trim()
