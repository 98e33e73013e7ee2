import type { Scenario } from '../../contract/scenario.js'
import { body, end, head, http, scenario, text } from '../build.js'

/** Redirects: followed, with a body, and refused. */
export const FETCH_REDIRECT: Scenario[] = [
  scenario({
    id: 'fetch.redirect.followed',
    title: 'Two redirects are followed to the answer, and the subject knows that it was redirected',
    peers: { mover: http([head(302, { location: 'second' }), end], [head(307, { location: 'third' }), end], [head(), body(text('arrived')), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'mover', path: 'first', redirect: 'follow' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { end: 'completed', status: 200, body: [text('arrived')], redirected: true, peer_saw: 'ended', requests: 3 } } },
  }),
  scenario({
    id: 'fetch.redirect.refused',
    title: 'A redirect is a failure where the request forbids it, and is not followed',
    peers: { mover: http([head(302, { location: 'second' }), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'mover', path: 'first', redirect: 'error' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'wait', ticks: 4 },
      ],
    },
    expect: { exchanges: { x: { end: 'failed', status: null, peer_saw: 'ended', requests: 1 } } },
  }),
]
