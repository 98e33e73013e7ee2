import type { VerdictToken } from '../../../contract/vocabulary.js'

export interface VerdictLook {
  /** A short word beside the glyph. */
  word: string
  /** One sentence for the legend. */
  means: string
  /** A shape of its own in a box of 12 by 12, so that no class is told by colour alone; `hollow` is drawn as a line. */
  path: string
  hollow?: boolean
}

/** Every class has a word, a shape, a pattern and a hue; the last two stand in the style sheet. */
export const LOOKS: Record<VerdictToken, VerdictLook> = {
  parity: { word: 'parity', means: 'lab and live agree, run directly in the lane', path: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Z' },
  bridge_only: { word: 'bridge only', means: 'agrees, but over a server bridge: never parity', path: 'M1 2h3v8H1zM8 2h3v8H8zM4 5h4v2H4z' },
  unsupported: { word: 'unsupported', means: 'the lane or the subject rules it out', path: 'M6 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z', hollow: true },
  semantic_mismatch: { word: 'mismatch', means: 'lab and live, or a run and its expectation, differ', path: 'M2.5 1 6 4.5 9.5 1 11 2.5 7.5 6 11 9.5 9.5 11 6 7.5 2.5 11 1 9.5 4.5 6 1 2.5Z' },
  bridge_mismatch: { word: 'bridge mismatch', means: 'the bridge itself broke the contract', path: 'M1 1h2.6L6 3.4 8.4 1H11v2.6L8.6 6 11 8.4V11H8.4L6 8.6 3.6 11H1V8.4L3.4 6 1 3.6Z' },
  policy_violation: { word: 'policy violation', means: 'a report tried to erase a break', path: 'M2 1h1.5v10H2zM4.5 1H11L9 4l2 3H4.5z' },
  invalid_experiment: { word: 'invalid', means: 'the experiment does not allow a verdict', path: 'M6 1 11 6 6 11 1 6Z', hollow: true },
  irreproducible: { word: 'irreproducible', means: 'seen once and not again', path: 'M1 5c1.7-2.4 3.3-2.4 5 0s3.3 2.4 5 0v2.4c-1.7 2.4-3.3 2.4-5 0S2.7 5 1 7.4Z' },
  infrastructure_loss: { word: 'lost', means: 'the machine lost the run', path: 'M7 1 2 7h3l-1 4 6-6.5H6.5Z' },
  not_run: { word: 'not run', means: 'planned, and never judged', path: 'M2 5.2h8v1.6H2z' },
}

export const ROLE_WORDS: Record<string, string> = {
  window: 'window', dedicated_worker: 'dedicated worker', shared_worker: 'shared worker', service_worker: 'service worker', sandboxed_iframe: 'sandboxed iframe',
}
export const SURFACE_WORDS: Record<string, string> = { timer_surface: 'timer', virtual_transport_surface: 'virtual transport', http_surface: 'http', browser_surface: 'browser' }
export const STANDING_WORDS = ['as expected', 'not as expected', 'better than expected'] as const

export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
