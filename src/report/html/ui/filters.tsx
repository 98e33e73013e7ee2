import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { VerdictToken } from '../../../contract/vocabulary.js'
import { isFiltered, matching, type Facet, type View } from './address.js'
import type { Cell } from './data.js'
import { Glyph } from './glyph.js'
import { LOOKS, ROLE_WORDS, SURFACE_WORDS } from './words.js'

interface Props { cells: readonly Cell[]; view: View; change(part: Partial<View>): void; choices: Record<Facet, readonly string[]> }

export function Filters({ cells, view, change, choices }: Props): JSX.Element {
  const unexpected = useMemo(() => cells.filter(({ standing }) => standing !== 0).length, [cells])
  return (
    <div class="filters" role="search" aria-label="Filter the cells">
      <Choices facet="verdict" name="class" {...{ cells, view, change, choices }} wordOf={(token) => LOOKS[token as VerdictToken].word} />
      <Choices facet="engine" name="engine" {...{ cells, view, change, choices }} wordOf={(token) => token} />
      <Choices facet="role" name="role" {...{ cells, view, change, choices }} wordOf={(token) => ROLE_WORDS[token] ?? token} />
      <Choices facet="surface" name="surface" {...{ cells, view, change, choices }} wordOf={(token) => SURFACE_WORDS[token] ?? token} />
      <div class="line">
        <label class="search"><span>scenario</span><input type="search" value={view.q} placeholder="id or title" autocomplete="off" spellcheck={false} onInput={(event) => change({ q: event.currentTarget.value })} /></label>
        <button type="button" class="chip" aria-pressed={view.unexpected} onClick={() => change({ unexpected: !view.unexpected })}>not as expected <span class="count">{unexpected}</span></button>
        {view.lane === '' ? null : <button type="button" class="chip" aria-pressed="true" onClick={() => change({ lane: '' })}>{view.lane}<span class="unseen">, take this filter away</span><span aria-hidden="true"> ×</span></button>}
        {isFiltered(view) ? <button type="button" class="plain" onClick={() => change({ engine: [], role: [], surface: [], verdict: [], lane: '', q: '', unexpected: false })}>show all</button> : null}
      </div>
    </div>
  )
}

function Choices({ facet, name, cells, view, change, choices, wordOf }: Props & { facet: Facet; name: string; wordOf(token: string): string }): JSX.Element | null {
  const counts = useMemo(() => {
    const found = new Map<string, number>()
    for (const cell of matching(cells, view, facet)) found.set(cell[facet], (found.get(cell[facet]) ?? 0) + 1)
    return found
  }, [cells, view, facet])
  if (choices[facet].length < 2) return null
  const toggle = (token: string): void => change({ [facet]: view[facet].includes(token) ? view[facet].filter((one) => one !== token) : [...view[facet], token] })
  return (
    <div class="line" role="group" aria-label={name}>
      <span class="name" aria-hidden="true">{name}</span>
      {choices[facet].map((token) => (
        <button key={token} type="button" class={`chip ${facet === 'verdict' ? `v-${token}` : ''}`} aria-pressed={view[facet].includes(token)} title={facet === 'verdict' ? LOOKS[token as VerdictToken].means : undefined} onClick={() => toggle(token)}>
          {facet === 'verdict' ? <Glyph verdict={token as VerdictToken} /> : null}{wordOf(token)} <span class="count">{counts.get(token) ?? 0}</span>
        </button>
      ))}
    </div>
  )
}
