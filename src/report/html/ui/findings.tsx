import type { JSX } from 'preact'
import type { Finding } from '../../../contract/verdict.js'
import { LAW_SENTENCES } from '../laws.js'

const SEVERITY_WORDS: Record<Finding['severity'], string> = { hard: 'hard break', break: 'break', noise: 'noise', note: 'note' }

export const findingId = (index: number): string => `finding-${index + 1}`

/** What was found, the worst first, each with the law it rests on. */
export function Findings({ findings }: { findings: readonly Finding[] }): JSX.Element {
  if (findings.length === 0) return <p class="quiet">None: nothing broke a law.</p>
  return (
    <ol class="findings">
      {findings.map(({ law, severity, attempt, field, expected, found }, index) => (
        <li key={index} id={findingId(index)} tabIndex={-1} class={`finding ${severity}`}>
          <p><span class="severity">{SEVERITY_WORDS[severity]}</span> <code>{field}</code> <span class="quiet">{attempt === 0 ? 'lab, or the cell as a whole' : `attempt ${attempt}`}</span></p>
          <dl><div><dt>expected</dt><dd>{expected}</dd></div><div><dt>found</dt><dd>{found}</dd></div></dl>
          <p class="law"><span class="quiet">law</span> <code>{law}</code> {LAW_SENTENCES[law]}</p>
        </li>
      ))}
    </ol>
  )
}
