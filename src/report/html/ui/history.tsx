import type { JSX } from 'preact'
import type { VerdictToken } from '../../../contract/vocabulary.js'
import type { HistoryRun } from '../embedded.js'
import { Glyph } from './glyph.js'
import { LOOKS } from './words.js'

/** Runs before this one, oldest first. */
export function History({ runs, order }: { runs: readonly HistoryRun[]; order: readonly VerdictToken[] }): JSX.Element {
  const present = order.filter((verdict) => runs.some(({ counts }) => (counts[verdict] ?? 0) > 0))
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">Runs before</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Runs, scrolls sideways">
        <table class="facts">
          <thead><tr><th scope="col">ended</th>{present.map((verdict) => <th scope="col" key={verdict}><Glyph verdict={verdict} />{LOOKS[verdict].word}</th>)}</tr></thead>
          <tbody>{runs.map(({ run_id, ended_at, counts }) => <tr key={run_id}><th scope="row">{ended_at}</th>{present.map((verdict) => <td key={verdict}>{counts[verdict] ?? 0}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </section>
  )
}
