import type { JSX } from 'preact'
import type { VerdictToken } from '../../../contract/vocabulary.js'
import type { History as Kept } from '../embedded.js'
import { Glyph } from './glyph.js'
import { LOOKS } from './words.js'

/** The runs of a history as a plot and, oldest first, as a table that says the same. */
export function History({ history: { runs, plot }, order }: { history: Kept; order: readonly VerdictToken[] }): JSX.Element {
  const present = order.filter((verdict) => runs.some(({ counts }) => (counts[verdict] ?? 0) > 0))
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">Run by run</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Runs, scrolls sideways">
        {/* As an image it keeps its own style, which the page's policy would not let in. */}
        <img class="plot" src={`data:image/svg+xml,${encodeURIComponent(plot)}`} alt="Verdicts by run over time; the table below says the same" />
        <table class="facts">
          <thead><tr><th scope="col">started</th>{present.map((verdict) => <th scope="col" key={verdict}><Glyph verdict={verdict} />{LOOKS[verdict].word}</th>)}</tr></thead>
          <tbody>{runs.map(({ id, started_at, counts }) => <tr key={id}><th scope="row">{started_at.slice(0, 16).replace('T', ' ')}</th>{present.map((verdict) => <td key={verdict}>{counts[verdict] ?? 0}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </section>
  )
}
