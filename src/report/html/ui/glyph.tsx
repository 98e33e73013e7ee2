import type { JSX } from 'preact'
import type { VerdictToken } from '../../../contract/vocabulary.js'
import { LOOKS } from './words.js'

/** The shape of a class; the word stands beside it, for eyes or for readers. */
export function Glyph({ verdict }: { verdict: VerdictToken }): JSX.Element {
  const { path, hollow } = LOOKS[verdict]
  return <svg class={`glyph v-${verdict}`} viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d={path} class={hollow ? 'hollow' : ''} /></svg>
}

export function Badge({ verdict }: { verdict: VerdictToken }): JSX.Element {
  return <span class={`badge v-${verdict}`}><Glyph verdict={verdict} />{LOOKS[verdict].word}</span>
}
