import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, scenario } from '../build.js'
import { NO_REALM, admittedDirectly, upToTheEngine } from './rules.js'
import { ECHO, TIMERS } from './work.js'

/** Which lane a realm is: direct, bridged because of the engine, or none at all. */
export const LANES_SCENARIOS: Scenario[] = [
  scenario({
    id: 'browser.lane.direct_echo', title: 'On a plain page a subject that takes the role and finds all it requires runs directly; one that declines it goes over the bridge',
    tiers: SMOKE, ...ECHO, expect: { ...ECHO.expect, admission: admittedDirectly },
  }),
  scenario({
    id: 'browser.role.logged', title: 'The role is proven from inside and logged with the admission, whatever the subject says of its host',
    tiers: SMOKE, ...TIMERS, expect: { ...TIMERS.expect, admission: admittedDirectly },
  }),
  scenario({
    id: 'browser.sandbox.role', title: 'A sandboxed iframe is a role of its own: no window, and of an opaque origin',
    host_roles: ['sandboxed_iframe'], ...TIMERS, expect: { ...TIMERS.expect, admission: admittedDirectly },
  }),
  scenario({
    id: 'browser.sandbox.echo', title: 'A WebSocket out of a sandboxed iframe',
    host_roles: ['sandboxed_iframe'], ...ECHO, expect: { ...ECHO.expect, admission: admittedDirectly },
  }),
  scenario({
    id: 'browser.engine_gap.webtransport', title: 'Where an engine has no WebTransport the cause is the engine; where it has, nothing is downgraded',
    needs: ['webtransport'], ...TIMERS, expect: { ...TIMERS.expect, admission: upToTheEngine('webtransport') },
  }),
  scenario({
    id: 'browser.engine_gap.jspi', title: 'Where an engine cannot suspend WebAssembly the cause is the engine',
    needs: ['jspi'], ...TIMERS, expect: { ...TIMERS.expect, admission: upToTheEngine('jspi') },
  }),
  scenario({
    id: 'browser.unsupported.no_realm', title: 'A service worker for an insecure page: refused as a host, and the page is why',
    page: 'insecure', host_roles: ['service_worker'], ...TIMERS,
    expect: { ...TIMERS.expect, admission: [NO_REALM] },
  }),
]
