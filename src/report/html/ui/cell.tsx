import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { CellStory, EmbeddedIndex } from '../embedded.js'
import { STANDINGS } from '../standing.js'
import { writeView, type View } from './address.js'
import { readStory, type Cell } from './data.js'
import { Digests, Host } from './evidence.js'
import { Findings } from './findings.js'
import { Badge } from './glyph.js'
import { Repro } from './repro.js'
import { Section } from './section.js'
import { Timelines } from './timelines.js'
import { LOOKS, ROLE_WORDS, STANDING_WORDS, SURFACE_WORDS } from './words.js'

interface Props { cell: Cell; view: View; index: EmbeddedIndex; before: Cell | undefined; after: Cell | undefined }

/** One cell's whole story. */
export function CellPage({ cell, view, index, before, after }: Props): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null)
  const story = useStory(cell)
  useEffect(() => {
    window.scrollTo(0, 0)
    title.current?.focus({ preventScroll: true })
  }, [cell.id])
  return (
    <article class="cell" aria-labelledby="cell-title">
      <nav class="steps" aria-label="Cells">
        <a href={writeView({ ...view, cell: '' })} data-back>← all cells</a>
        <span class="gap" />
        {before === undefined ? null : <a href={writeView({ ...view, cell: before.id })} rel="prev">previous</a>}
        {after === undefined ? null : <a href={writeView({ ...view, cell: after.id })} rel="next">next</a>}
      </nav>
      <h2 id="cell-title" ref={title} tabIndex={-1}>{cell.scenario}</h2>
      {cell.title === null ? null : <p class="lead">{cell.title}</p>}
      <p class="standing"><Badge verdict={cell.verdict} /> in <code>{cell.lane}</code> · {SURFACE_WORDS[cell.surface] ?? cell.surface}, {ROLE_WORDS[cell.role] ?? cell.role}</p>
      <p class="reason">{cell.reason}</p>
      <Expected cell={cell} story={story} />
      {story === undefined ? <p role="status" class="quiet">Unpacking the evidence…</p> : story === null ? <p role="alert">This part of the file cannot be read: it was cut short or changed.</p> : <Story story={story} index={index} />}
    </article>
  )
}

function Story({ story, index }: { story: CellStory; index: EmbeddedIndex }): JSX.Element {
  const { verdict, bundle } = story
  return (
    <>
      <Section id="findings" title="Findings"><Findings findings={verdict.findings} /></Section>
      {bundle === null ? <Section id="evidence" title="Evidence"><p class="quiet">{verdict.artifact_bundle === null ? 'This cell kept no bundle.' : 'The bundle was not read into this page.'}</p></Section> : (
        <>
          <Timelines bundle={bundle} verdict={verdict} />
          <Section id="host" title="Host"><Host verdict={verdict} bundle={bundle} /></Section>
          <Section id="digests" title="Digests"><Digests verdict={verdict} bundle={bundle} /></Section>
        </>
      )}
      <Section id="again" title="Run it again"><Repro command={verdict.repro_command} />
        {verdict.artifact_bundle === null ? null : <p class="quiet">The evidence of this cell is in <code>{index.evidence}/{verdict.artifact_bundle}</code>; <code>lanecheck audit</code> tells whether to believe it.</p>}
      </Section>
    </>
  )
}

function Expected({ cell, story }: { cell: Cell; story: CellStory | null | undefined }): JSX.Element {
  const reason = story?.expected_reason ?? null
  return (
    <p class={`expectation ${STANDINGS[cell.standing]}`}>
      <strong>{STANDING_WORDS[cell.standing]}</strong>
      {cell.standing === 0 ? (cell.known ? ' · the expectations file knows of it' : '') : <> · expected <Badge verdict={cell.expected} /> <span class="unseen">{LOOKS[cell.expected].means}</span></>}
      {reason === null ? null : <><br />{reason}</>}
    </p>
  )
}

/** Undefined while it is unpacked, null when it cannot be. */
function useStory(cell: Cell): CellStory | null | undefined {
  const [read, setRead] = useState<{ id: string; story: CellStory | null } | null>(null)
  useEffect(() => {
    let current = true
    const take = (story: CellStory | null): void => { if (current) setRead({ id: cell.id, story }) }
    readStory(cell).then((story) => take(story ?? null), () => take(null))
    return () => { current = false }
  }, [cell.id])
  return read?.id === cell.id ? read.story : undefined
}
