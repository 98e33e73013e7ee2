import type { JSX } from 'preact'
import type { ResultStory } from '../embedded.js'
import { plural } from './words.js'

const NAMES = { page: 'page: the recorder at the realm’s boundary', peer: 'peer: the loopback server', bridge: 'bridge: both sides’ logs', proxy: 'proxy: the wall around the engine' } as const

/** What each witness saw, in its own order and on its own clock. */
export function Witnesses({ result }: { result: ResultStory }): JSX.Element {
  const shown = (['page', 'peer', 'bridge', 'proxy'] as const).filter((name) => name === 'page' || name === 'peer' || result[name].events.length > 0)
  return (
    <>
      <p class="quiet">Each in its own order; ticks of two witnesses are never compared.</p>
      <div class="witnesses">
        {shown.map((name) => {
          const { events, left_out } = result[name]
          return (
            <div key={name} class="scroll" tabIndex={0} role="region" aria-labelledby={`witness-${name}`}>
              <h4 id={`witness-${name}`}>{NAMES[name]}</h4>
              {events.length === 0 ? <p class="quiet">saw nothing</p> : (
                <table class="facts" aria-labelledby={`witness-${name}`}>
                  <thead><tr><th scope="col" class="tick">tick</th><th scope="col">what</th><th scope="col">whose</th><th scope="col">details</th></tr></thead>
                  <tbody>{events.map(({ ticks, kind, id, text }, index) => <tr key={index}><td class="tick">{ticks}</td><td>{kind.replace(/^host\./, '')}</td><td>{id}</td><td>{text}</td></tr>)}</tbody>
                </table>
              )}
              {left_out === 0 ? null : <p class="quiet">{plural(left_out, 'more event')} in the capture.</p>}
            </div>
          )
        })}
      </div>
    </>
  )
}
