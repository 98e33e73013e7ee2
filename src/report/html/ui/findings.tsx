import type { JSX } from 'preact'
import type { Finding } from '../../../contract/verdict.js'
import { LAW_SENTENCES } from '../laws.js'

const SEVERITY_WORDS: Record<Finding['severity'], string> = { hard: 'hard break', break: 'break', noise: 'noise', note: 'note' }

export const findingId = (group: number): string => `finding-${group + 1}`

export interface FindingGroup { finding: Finding; attempts: number[] }

/** What was found alike in several attempts is told once; `groupOf` says under which number each finding stands. */
export function groupFindings(findings: readonly Finding[]): { groups: FindingGroup[]; groupOf: number[] } {
  const groups: FindingGroup[] = []
  const places = new Map<string, number>()
  const groupOf = findings.map((finding) => {
    const key = JSON.stringify([finding.law, finding.severity, finding.field, finding.expected, finding.found])
    const place = places.get(key) ?? groups.push({ finding, attempts: [] }) - 1
    places.set(key, place)
    groups[place]?.attempts.push(finding.attempt)
    return place
  })
  return { groups, groupOf }
}

/** What was found, the worst first, each with the law it rests on. */
export function Findings({ findings }: { findings: readonly Finding[] }): JSX.Element {
  if (findings.length === 0) return <p class="quiet">None: nothing broke a law.</p>
  return (
    <ol class="findings">
      {groupFindings(findings).groups.map(({ finding: { law, severity, field, expected, found }, attempts }, index) => (
        <li key={index} id={findingId(index)} tabIndex={-1} class={`finding ${severity}`}>
          <p><span class="severity">{SEVERITY_WORDS[severity]}</span> <code>{field}</code> <span class="quiet">{whereSeen(attempts)}</span></p>
          <dl><div><dt>expected</dt><dd>{expected}</dd></div><div><dt>found</dt><dd>{found}</dd></div></dl>
          <p class="law"><span class="quiet">law</span> <code>{law}</code> {LAW_SENTENCES[law]}</p>
        </li>
      ))}
    </ol>
  )
}

function whereSeen(attempts: readonly number[]): string {
  if (attempts.every((attempt) => attempt === 0)) return 'lab, or the cell as a whole'
  return `${attempts.length === 1 ? 'attempt' : 'attempts'} ${attempts.join(', ')}`
}
